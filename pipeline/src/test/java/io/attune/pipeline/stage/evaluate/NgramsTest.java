package io.attune.pipeline.stage.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class NgramsTest {

  @Test
  void takesWordsInLowerCaseAndPairsOfNeighbours() {
    assertThat(Ngrams.of("Profit NOT up, 3.5%!"))
        .containsExactly("profit", "not", "up", "3", "5", "profit not", "not up", "up 3", "3 5");
  }

  @Test
  void takesEveryCharacterOfScriptsWithoutSpacesAsAWord() {
    assertThat(Ngrams.of("净利润 up 10"))
        .containsExactly("净", "利", "润", "up", "10", "净 利", "利 润", "润 up", "up 10");
    assertThat(Ngrams.words("한국カナひらA股")).containsExactly("한", "국", "カ", "ナ", "ひ", "ら", "a", "股");
    assertThat(Ngrams.words("𠀀𠀁")).containsExactly("𠀀", "𠀁"); // beyond 16 bits
  }

  @Test
  void keepsMarksWithTheirLetters() {
    assertThat(Ngrams.words("cafe\u0301 हिन्दी")).containsExactly("cafe\u0301", "हिन्दी");
  }

  @Test
  void findsNothingInTextWithoutWords() {
    assertThat(Ngrams.of(" \t🙂 ...")).isEmpty();
    assertThat(Ngrams.of("")).isEmpty();
  }

  @Property
  void hasOnePairFewerThanWordsWhateverTheText(@ForAll String text) {
    List<String> words = Ngrams.words(text);

    assertThat(Ngrams.of(text)).hasSize(Math.max(0, 2 * words.size() - 1));
    assertThat(words).allSatisfy(word -> assertThat(word).isNotEmpty());
  }
}
