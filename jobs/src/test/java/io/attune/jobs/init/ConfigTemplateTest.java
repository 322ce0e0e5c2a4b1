package io.attune.jobs.init;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.config.RunConfigs;
import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTemplateTest {
  @TempDir Path folder;

  @Test
  void whatIsWrittenLoadsAndMapsTheColumns() throws IOException {
    StringBuilder csv = new StringBuilder("review_id;headline;body;Star rating;seen\n");
    for (int i = 0; i < 40; i++) {
      csv.append(i).append(";Title ").append(i).append(";A long enough body of a review, number ");
      csv.append(i).append(';').append(i % 2 == 0 ? "no" : "yes").append(";2026-01-0");
      csv.append(1 + i % 9).append('\n');
    }
    Path file = Files.writeString(folder.resolve("Reviews 2026.csv"), csv);
    Sample sample = Sample.of(file.toString(), new Configuration(), 100);

    Path yaml =
        Files.writeString(
            folder.resolve("reviews.yaml"), ConfigTemplate.of("reviews", file.toString(), sample));
    RunConfig config = RunConfigs.load(yaml, List.of());

    assertThat(config.corpora().get(0).format()).isEqualTo(Format.CSV);
    assertThat(config.corpora().get(0).delimiter()).isEqualTo(";");
    assertThat(config.corpora().get(0).columns().id()).isEqualTo("review_id");
    assertThat(config.corpora().get(0).columns().title()).isEqualTo("headline");
    assertThat(config.corpora().get(0).columns().text()).isEqualTo("body");
    assertThat(config.corpora().get(0).columns().publishedAt()).isEqualTo("seen");
    assertThat(config.corpora().get(0).columns().labels())
        .containsExactly(java.util.Map.entry("star-rating", "Star rating"));
    assertThat(config.heads().get("star-rating")).containsExactly("no", "yes");
  }

  private String written(String... texts) throws IOException {
    StringBuilder csv = new StringBuilder("text,label\n");
    for (int i = 0; i < 40; i++) {
      csv.append(texts[i % texts.length]).append(" 第").append(i).append(',');
      csv.append(i % 3 == 0 ? "no" : "yes").append('\n');
    }
    Path file = Files.writeString(folder.resolve("texts.csv"), csv);
    return ConfigTemplate.of(
        "texts", file.toString(), Sample.of(file.toString(), new Configuration(), 100));
  }

  @Test
  void proposesTheEncoderOfTheLanguageThatItFinds() throws IOException {
    String english = written("The room was small and the staff of the hotel was helpful and kind");
    assertThat(english).contains("    language: en\n", "'bge-small-en'").doesNotContain("\nmodel:");

    String chinese = written("房间很小但是很干净服务也不错");
    assertThat(chinese).contains("    language: zh\n", "'bge-small-zh'").doesNotContain("\nmodel:");

    Path yaml = Files.writeString(folder.resolve("texts.yaml"), chinese);
    assertThat(RunConfigs.load(yaml, List.of()).model().encoder()).isEqualTo("auto");
  }

  @Test
  void proposesAVocabularyOfItsOwnForOtherAndMixedLanguages() throws IOException {
    for (String[] texts :
        new String[][] {
          {"Das Zimmer war klein und das Personal ist nicht mit der Lage zufrieden"},
          {"The room was small and the staff kind", "房间很小但是很干净服务也不错"},
        }) {
      assertThat(written(texts)).contains("a vocabulary of its own").doesNotContain("bge");
    }
  }
}
