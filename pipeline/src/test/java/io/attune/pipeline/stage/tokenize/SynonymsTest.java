package io.attune.pipeline.stage.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.stage.tokenize.TokenizeConfig.SynonymCopies;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SynonymsTest {
  private static final Configuration FILES = new Configuration();

  @TempDir Path folder;

  private Synonyms read(String list, double share, int copies) throws IOException {
    Path file = Files.writeString(folder.resolve("list.txt"), list);
    return Synonyms.of(new SynonymCopies(file.toString(), share, copies, 5), FILES);
  }

  private static String only(Synonyms synonyms, String text) {
    List<Synonyms.Copy> copies = synonyms.copies("id", text);
    assertThat(copies).hasSize(1);
    return copies.get(0).text();
  }

  @Test
  void replacesWholeWordsOfWhichTheLongestCounts() throws IOException {
    Synonyms synonyms = read("# words\ngood, fine\n\ngood day\thello\n", 1, 1);

    assertThat(synonyms.copies("id", "Good goods, a good day! Feelgood is fine"))
        .containsExactly(new Synonyms.Copy("Fine goods, a hello! Feelgood is good", 3));
    assertThat(synonyms.copies("id", "goods and goo\u0308d")).isEmpty();
  }

  @Test
  void replacesChineseWordsWhereverTheyStand() throws IOException {
    Synonyms synonyms = read("\uFEFF手机，移动电话\r\n很好,不错\r\ngood,fine", 1, 1);

    assertThat(only(synonyms, "我的手机很good，不错")).isEqualTo("我的移动电话很fine，很好");
    assertThat(only(synonyms, "移动电话很好")).isEqualTo("手机不错");
  }

  @Test
  void replacesAShareAndTheSameForTheSameDocumentAndSeed() throws IOException {
    Synonyms synonyms = read("good,fine,nice\n", 0.2, 2);
    String text = "good ".repeat(500).strip();

    List<Synonyms.Copy> copies = synonyms.copies("a", text);

    assertThat(copies).hasSize(2).doesNotHaveDuplicates();
    assertThat(copies.get(0).replaced()).isBetween(70, 130);
    assertThat(copies.get(0).text()).contains("fine", "nice", "good");
    assertThat(read("good,fine,nice\n", 0.2, 2).copies("a", text)).isEqualTo(copies);
    assertThat(synonyms.copies("b", text)).doesNotContainAnyElementsOf(copies);
    SynonymCopies other = new SynonymCopies(synonyms.config().file(), 0.2, 2, 6);
    assertThat(Synonyms.of(other, FILES).copies("a", text)).doesNotContainAnyElementsOf(copies);
  }

  @Test
  void makesNoCopiesWithoutAListOrAShare() throws IOException {
    assertThat(read("good,fine\n", 0, 1).copies("id", "good")).isEmpty();
    SynonymCopies noFile = new SynonymCopies("", 1, 1, 1);
    assertThat(Synonyms.of(noFile, FILES).isNone()).isTrue();
    assertThatThrownBy(() -> new SynonymCopies("", 1.5, 1, 1))
        .hasMessageContaining("synonyms.share must be in [0, 1], got 1.5");
  }

  @Test
  void namesTheFileAndTheLineThatCannotBeUsed() throws IOException {
    assertThatThrownBy(() -> read("good,fine\nbad\n", 1, 1))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("Line 2 of the synonyms '")
        .hasMessageContaining("list.txt' (tokenize.synonyms.file) cannot be used: it has the word")
        .hasMessageContaining("'bad' alone");
    assertThatThrownBy(() -> read("good,,fine\n", 1, 1))
        .hasMessageContaining("Line 1 of")
        .hasMessageContaining("one of its words is empty");
    assertThatThrownBy(() -> read("good,fine\n\nnice,Good\n", 1, 1))
        .hasMessageContaining("Line 3 of")
        .hasMessageContaining("the word 'Good' is already in line 1");
    assertThatThrownBy(() -> read("good,fine,fine\n", 1, 1))
        .hasMessageContaining("the word 'fine' is already in line 1");
    assertThatThrownBy(() -> read("\n# nothing\n", 1, 1))
        .hasMessageContaining("which has no group of synonyms");
    Path latin = folder.resolve("latin.txt");
    Files.write(latin, "a,b\ncaf\u00e9,bar\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> Synonyms.of(new SynonymCopies(latin.toString(), 1, 1, 1), FILES))
        .hasMessageContaining("Line 2 of")
        .hasMessageContaining("it is not UTF-8");
    assertThatThrownBy(() -> Synonyms.of(new SynonymCopies(folder + "/gone", 1, 1, 1), FILES))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("gone', and there is no such file; correct the path");
  }
}
