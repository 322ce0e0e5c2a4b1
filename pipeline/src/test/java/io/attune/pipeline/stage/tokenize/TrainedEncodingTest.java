package io.attune.pipeline.stage.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.stage.tokenize.BpeModel.Merge;
import io.attune.pipeline.text.AnyText;
import io.attune.pipeline.text.SubwordTokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the ids that Java finds with those of the native library, for our tokenizers. */
class TrainedEncodingTest {
  private static final int MANY = 1_000_000;
  private static final SubwordTokenizer LOWER = makeOfEveryCodePoint(true);
  private static final SubwordTokenizer CASED = makeOfEveryCodePoint(false);

  @Provide
  Arbitrary<String> texts() {
    return AnyText.arbitrary();
  }

  @Provide
  Arbitrary<List<String>> corpora() {
    return AnyText.arbitrary().list().ofMinSize(1).ofMaxSize(4);
  }

  private static void requireSame(SubwordTokenizer tokenizer, String text) {
    int[] expected = tokenizer.encode(text, MANY).ids();
    int[] found = tokenizer.ids(text, MANY);
    if (!Arrays.equals(found, expected)) { // assertions are slow, and millions are compared
      assertThat(found).as(text).isEqualTo(expected);
    }
  }

  /** Returns a tokenizer that knows every code point and merges some. */
  private static SubwordTokenizer ofEveryCodePoint(boolean lowercase) {
    return lowercase ? LOWER : CASED;
  }

  private static SubwordTokenizer makeOfEveryCodePoint(boolean lowercase) {
    List<String> tokens = new ArrayList<>(List.of(BpeModel.PAD, BpeModel.UNKNOWN));
    for (int point = 1; point <= Character.MAX_CODE_POINT; point++) {
      if (Character.isDefined(point)
          && point != 'z'
          && Character.getType(point) != Character.SURROGATE
          && Character.getType(point) != Character.PRIVATE_USE) {
        tokens.add(Character.toString(point));
      }
    }
    List<Merge> merges = new ArrayList<>();
    for (String pair : List.of("a|b", "c|d", "ab|cd", "手|机", "b|c", "a|bc", "!|?", "'|a", "1|2")) {
      String[] parts = pair.split("\\|", -1);
      merges.add(new Merge(tokens.indexOf(parts[0]), tokens.indexOf(parts[1])));
      if (!tokens.contains(parts[0] + parts[1])) {
        tokens.add(parts[0] + parts[1]);
      }
    }
    return SubwordTokenizer.shared(TokenizerJson.of(new BpeModel(tokens, merges), lowercase));
  }

  @Property(tries = 2_000, seed = "2026")
  void anyTextGivesTheIdsOfTheNativeLibrary(@ForAll("texts") String text) {
    requireSame(ofEveryCodePoint(true), text);
    requireSame(ofEveryCodePoint(false), text);
  }

  @Property(tries = 100, seed = "2026")
  void anyTokenizerThatIsTrainedGivesTheIdsOfTheNativeLibrary(
      @ForAll("corpora") List<String> corpus, @ForAll("texts") String text) {
    for (boolean lowercase : new boolean[] {true, false}) {
      SubwordTokenizer splitter = SubwordTokenizer.shared(TokenizerJson.splitter(lowercase));
      SortedMap<String, Long> words = new TreeMap<>();
      for (String known : corpus) {
        splitter.tokens(known).forEach(word -> words.merge(word, 1L, Long::sum));
      }
      BpeModel model =
          BpeTrainer.train(WordTable.of(words), new TokenizeConfig(60, 8, lowercase, 1, 16));
      try (SubwordTokenizer tokenizer = SubwordTokenizer.of(TokenizerJson.of(model, lowercase))) {
        requireSame(tokenizer, text);
        corpus.forEach(known -> requireSame(tokenizer, known));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyCodePointGivesTheIdsOfTheNativeLibraryBesideAnyOther(boolean lowercase) {
    SubwordTokenizer tokenizer = ofEveryCodePoint(lowercase);
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      if (Character.isDefined(point) && Character.getType(point) != Character.PRIVATE_USE) {
        requireSame(tokenizer, AnyText.around(point));
      }
    }
  }

  @Property(tries = 1_000, seed = "2026")
  void anyTextGivesTheWordsOfTheNativeLibraryForCounting(@ForAll("texts") String text) {
    for (boolean lowercase : new boolean[] {true, false}) {
      byte[] file = TokenizerJson.splitter(lowercase);
      String other = new String(file, StandardCharsets.UTF_8).replace("[UNK]", "[OTHER]");
      SubwordTokenizer inNative = SubwordTokenizer.shared(other.getBytes(StandardCharsets.UTF_8));
      assertThat(SubwordTokenizer.shared(file).tokens(text)).isEqualTo(inNative.tokens(text));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {999, 1_000, 1_001, 20_000})
  void aWordMayBeAsLongAsAText(int length) {
    requireSame(ofEveryCodePoint(true), "abcd手机".repeat(length / 4).substring(0, length));
    requireSame(ofEveryCodePoint(true), "abcd".repeat(length / 4 + 1).substring(0, length));
    requireSame(ofEveryCodePoint(true), "z".repeat(length) + "a");
  }
}
