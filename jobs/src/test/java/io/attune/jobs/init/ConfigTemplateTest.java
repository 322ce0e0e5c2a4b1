package io.attune.jobs.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.config.RunConfigs;
import io.attune.pipeline.input.Format;
import io.attune.pipeline.split.SplitConfig;
import io.attune.pipeline.stage.ingest.Corpus;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.table.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTemplateTest {
  @TempDir Path folder;

  @Test
  void whatIsWrittenLoadsAndMapsTheColumns() throws IOException {
    StringBuilder csv = new StringBuilder("review_id;headline;body;Star rating;seen;lang;part\n");
    for (int i = 0; i < 40; i++) {
      csv.append("r").append(i).append(";Title ").append(i);
      csv.append(";A long enough body of a review, number ").append(i).append(';');
      csv.append(i % 2 == 0 ? "5.0" : i % 4 == 1 ? "5" : "1").append(";0").append(1 + i % 9);
      csv.append("/")
          .append(10 + i % 10)
          .append("/2026;en;")
          .append(i < 30 ? "train" : "dev")
          .append('\n');
    }
    write("Reviews 2026.csv", csv.toString());

    FirstConfig first = init("Reviews 2026.csv");
    RunConfig config = load(first);

    assertThat(first.task()).isEqualTo("reviews-2026");
    Corpus corpus = config.corpora().get(0);
    assertThat(corpus.format()).isEqualTo(Format.CSV);
    assertThat(corpus.delimiter()).isEqualTo(";");
    Corpus.Columns columns = corpus.columns();
    assertThat(columns.id()).isEqualTo("review_id");
    assertThat(columns.title()).isEqualTo("headline");
    assertThat(columns.text()).isEqualTo("body");
    assertThat(columns.publishedAt()).isEqualTo("seen");
    assertThat(columns.dateForm()).isEqualTo("month-first");
    assertThat(columns.language()).isEqualTo("lang");
    assertThat(columns.split()).isEqualTo("part");
    assertThat(columns.labels()).containsExactly(Map.entry("star-rating", "Star rating"));
    assertThat(config.heads().get("star-rating")).containsExactly("1", "5");
    assertThat(corpus.labelValues()).isEqualTo(Map.of("star-rating", Map.of("5.0", "5")));
  }

  @Test
  void pathsBelowTheConfigurationAreWrittenRelativeToIt() throws IOException {
    write("data/texts.csv", texts("A text of many words", 40));

    FirstConfig first = init("data/texts.csv");

    assertThat(first.yaml(folder)).contains("path: data/texts.csv\n");
    assertThat(first.yaml(folder.resolve("elsewhere")))
        .contains(folder.resolve("data/texts.csv").toString());
  }

  @Test
  void filesNamedBySplitsBecomeCorporaThatDeclareThem() throws IOException {
    write("shop/train.csv", texts("A text that trains", 40));
    write("shop/dev.csv", texts("A text that validates", 20));
    write("shop/test.csv", texts("A text that tests", 20));

    FirstConfig first = init("shop/train.csv", "shop/dev.csv", "shop/test.csv");
    RunConfig config = load(first);

    assertThat(first.task()).isEqualTo("shop");
    assertThat(config.corpora()).extracting(Corpus::name).containsExactly("train", "dev", "test");
    assertThat(config.corpora())
        .extracting(Corpus::split)
        .containsExactly(null, Split.VALIDATION, Split.TEST);
    assertThat(first.lines()).noneMatch(line -> line.contains("Please check"));
  }

  @Test
  void saysHowOftenAnEquallyGoodModelWillBePromoted() throws IOException {
    write("texts.csv", texts("A text of many words", 400));

    FirstConfig first = init("texts.csv");

    assertThat(first.lines())
        .filteredOn(line -> line.strip().startsWith("gate "))
        .singleElement()
        .asString()
        .contains("about 40 test rows, gate.margin 0.030: With these rows an equally good model is")
        .contains("rows would make it 80 %.");
    assertThat(first.json(Path.of("texts.yaml"))).contains("\"test-rows\":40");
  }

  @Test
  void filesWhoseNamesDoNotTellAreAskedAbout() throws IOException {
    write("may.csv", texts("A text of May", 40));
    write("june.csv", texts("A text of June", 40));

    FirstConfig first = init("may.csv", "june.csv");

    assertThat(load(first).corpora()).extracting(Corpus::split).containsExactly(null, null);
    assertThat(first.lines()).anyMatch(line -> line.contains("do not say which of them test"));
    assertThat(first.yaml(folder)).contains("# - the names of the files do not say");
  }

  @Test
  void filesWithOtherColumnsHaveAMappingOfTheirOwn() throws IOException {
    write("train.csv", texts("A text that trains", 40));
    write("test.csv", texts("A text that tests", 40).replace("text,label", "body,label"));

    RunConfig config = load(init("train.csv", "test.csv"));

    assertThat(config.corpora())
        .extracting(c -> c.columns().text())
        .containsExactly("text", "body");
    assertThat(config.heads()).containsOnlyKeys("label");
  }

  @Test
  void foldersOfTextsAreReadWithTheirSplits() throws IOException {
    for (String split : List.of("train", "test")) {
      for (int i = 0; i < 12; i++) {
        write("films/" + split + "/pos/" + i + ".txt", "A lovely film, " + split + i);
        write("films/" + split + "/neg/" + i + ".txt", "A dreadful film, " + split + i);
      }
    }
    write("films/README.txt", "About the films");

    FirstConfig first = init("films");
    RunConfig config = load(first);

    assertThat(first.task()).isEqualTo("films");
    assertThat(config.corpora())
        .extracting(Corpus::format)
        .containsExactly(Format.TEXT_FOLDERS, Format.TEXT_FOLDERS);
    assertThat(config.corpora()).extracting(Corpus::split).containsExactly(Split.TEST, null);
    assertThat(config.corpora().get(0).columns().labels()).isEqualTo(Map.of("label", "folder"));
    assertThat(config.heads().get("label")).containsExactly("neg", "pos");
  }

  @Test
  void partitionFoldersAreColumns() throws IOException {
    write(
        "in/label=negative/dt=2026-01-01/a.csv",
        "text\n" + "A bad thing came\nA worse one\n".repeat(6));
    write(
        "in/label=positive/dt=2026-01-02/a.csv",
        "text\n" + "A good thing came\nA fine one\n".repeat(6));
    write("in/_SUCCESS", "");

    RunConfig config = load(init("in"));

    assertThat(config.corpora()).hasSize(1);
    assertThat(config.heads().get("label")).containsExactly("negative", "positive");
    assertThat(config.corpora().get(0).columns().publishedAt()).isEqualTo("dt");
  }

  @Test
  void newsOfManyDaysIsSplitByTimeAndReviewsAreNot() throws IOException {
    StringBuilder news = new StringBuilder("headline,published,topic\n");
    for (int i = 0; i < 60; i++) {
      news.append("A thing of note came ").append(i).append(",2026-01-").append(10 + i % 20);
      news.append(i % 2 == 0 ? ",trade\n" : ",sport\n");
    }
    write("news.csv", news.toString());
    write("reviews.csv", news.toString().replace("topic", "stars").replace("headline", "review"));
    write("sameday.csv", news.toString().replaceAll("2026-01-\\d\\d", "2026-01-01"));

    assertThat(load(init("news.csv")).split().by()).isEqualTo(SplitConfig.By.TIME);
    assertThat(init("news.csv").yaml(folder)).contains("# By time: a model is trained on the past");
    assertThat(load(init("reviews.csv")).split().by()).isEqualTo(SplitConfig.By.HASH);
    assertThat(init("reviews.csv").yaml(folder)).contains("# By hash: reviews");
    assertThat(load(init("sameday.csv")).split().by()).isEqualTo(SplitConfig.By.HASH);
    assertThat(init("sameday.csv").yaml(folder)).contains("the dates are of too few days");
  }

  @Test
  void namesThatCouldBreakYamlAreQuoted() throws IOException {
    write(
        "odd.csv",
        texts("A text: of # many words", 40).replace("text,label", "\"te\"\"xt: [a]\",no: way"));

    RunConfig config = load(init("odd.csv"));

    assertThat(config.corpora().get(0).columns().text()).isEqualTo("te\"xt: [a]");
    assertThat(config.corpora().get(0).columns().labels()).containsValue("no: way");
  }

  @Test
  void consoleShowsDocumentsAndJsonTheSame() throws IOException {
    write("texts.csv", texts("A text of many words", 40));

    FirstConfig first = init("texts.csv");

    assertThat(first.lines())
        .anyMatch(line -> line.contains("40 records, format csv"))
        .anyMatch(line -> line.contains("text: A text of many words 0 | label: no"));
    assertThat(first.json(Path.of("texts.yaml")))
        .startsWith("{")
        .contains(
            "\"heads\":{\"label\":[\"no\",\"yes\"]}", "\"role\":\"text\"", "\"split-by\":\"hash\"");
  }

  @Test
  void fileWithoutTextsIsRefused() throws IOException {
    write("prices.csv", "day,open\n2026-01-01,12.5\n2026-01-02,12.7\n");

    assertThatThrownBy(() -> init("prices.csv"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("has no column that could hold texts: 'open' holds numbers");
  }

  @Test
  void proposesTheEncoderOfTheLanguageThatItFinds() throws IOException {
    write("a.csv", texts("The room was small and the staff of the hotel was helpful and kind", 40));
    assertThat(init("a.csv").yaml(folder))
        .contains("    language: en\n", "'bge-small-en'")
        .doesNotContain("\nmodel:");

    write("b.csv", texts("房间很小但是很干净服务也不错", 40));
    assertThat(init("b.csv").yaml(folder))
        .contains("    language: zh\n", "'bge-small-zh'")
        .doesNotContain("\nmodel:");
    assertThat(load(init("b.csv")).model().encoder()).isEqualTo("auto");
  }

  @Test
  void proposesAVocabularyOfItsOwnForOtherAndMixedLanguages() throws IOException {
    write(
        "a.csv",
        texts("Das Zimmer war klein und das Personal ist nicht mit der Lage zufrieden", 40));
    String chinese = texts("房间很小但是很干净服务也不错", 40).replace("text,label\n", "");
    write("b.csv", texts("The room was small and the staff kind", 40) + chinese);

    assertThat(init("a.csv").yaml(folder))
        .contains("a vocabulary of its own", "that you have: model: {encoder: FOLDER}")
        .doesNotContain("bge");
    assertThat(init("b.csv").yaml(folder))
        .contains("The texts are in several languages")
        .doesNotContain("bge");
  }

  @Test
  void saysWhichLanguagesAreMixedAndWhatThatMeans() throws IOException {
    write("en.csv", texts("The room was small and the staff of the hotel was kind", 60));
    write("zh.csv", texts("房间很小但是很干净服务也不错", 40));

    assertThat(init("en.csv", "zh.csv").yaml(folder))
        .contains("    language: en\n", "    language: zh\n")
        .containsPattern("several languages[\\s#]+\\(en 60 %,[\\s#]+zh 40 %\\)")
        .doesNotContain("bge");

    write("few.csv", texts("房间很小但是很干净服务也不错", 5));
    assertThat(init("en.csv", "few.csv").yaml(folder)).contains("'bge-small-en'");
  }

  private static String texts(String text, int rows) {
    StringBuilder csv = new StringBuilder("text,label\n");
    for (int i = 0; i < rows; i++) {
      csv.append(text).append(' ').append(i).append(i % 3 == 0 ? ",no\n" : ",yes\n");
    }
    return csv.toString();
  }

  private void write(String name, String text) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(folder.resolve(name), text);
  }

  private FirstConfig init(String... names) {
    List<String> files = List.of(names).stream().map(n -> folder.resolve(n).toString()).toList();
    return FirstConfig.of(files, null, new Configuration());
  }

  private RunConfig load(FirstConfig first) throws IOException {
    Path yaml = folder.resolve(first.task() + ".yaml");
    Files.writeString(yaml, first.yaml(folder));
    return RunConfigs.load(yaml, List.of());
  }
}
