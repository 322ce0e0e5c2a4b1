package io.attune.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.jobs.config.ConfigChanges.Change;
import io.attune.pipeline.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigChangesTest {
  private static final String TASK =
      """
      task: reviews
      root: root
      heads: {mood: [bad, good]}
      corpora:
        - name: shop
          path: reviews.csv
          columns: {text: text, labels: {mood: stars}}
          label-values: {mood: {1: bad, 5: good}}
      """;

  @TempDir Path folder;

  @Test
  void theSameConfigurationHasNoChanges() throws IOException {
    assertThat(changes(TASK, TASK).isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "gate.margin,                 0.02,            compare",
    "evaluate.slices.min-rows,    7,               evaluate",
    "train.seed,                  9,               train",
    "updater.learning-rate,       0.1,             train",
    "model.encoder,               none,            tokenize",
    "tokenize.vocabulary,         900,             tokenize",
    "split.seed,                  3,               tokenize",
    "shard.seed,                  3,               shard",
    "clean.min-characters,        5,               clean",
    "report.max-classes,          7,               report",
  })
  void aKeyBelongsToTheStageThatReadsIt(String key, String value, String stage) throws IOException {
    ConfigChanges changes = changes(TASK, TASK, key + "=" + value);

    assertThat(changes.first()).contains(Stage.valueOf(stage.toUpperCase(Locale.ROOT)));
    assertThat(changes.sentence()).contains(key + " from ").contains(" to " + value);
  }

  @Test
  void aClassAndAMappingThatChangeAreNamed() throws IOException {
    ConfigChanges changes =
        changes(
            TASK,
            TASK.replace("[bad, good]", "[bad, good, fair]")
                .replace("mood: stars", "mood: points")
                .replace("1: bad", "1: good"));

    assertThat(changes.changes())
        .containsExactly(
            new Change("corpora.shop.columns.labels.mood", "stars", "points", Stage.INGEST),
            new Change("corpora.shop.label-values.mood.1", "bad", "good", Stage.INGEST),
            new Change(
                "heads.mood", "[\"bad\",\"good\"]", "[\"bad\",\"good\",\"fair\"]", Stage.INGEST));
  }

  @Test
  void whereAndHowFastTheWorkIsDoneChangesNothing() throws IOException {
    assertThat(
            changes(
                    TASK,
                    TASK.replace("reviews.csv", "other/*.csv").replace("root: root", "root: other")
                        + "spark: {spark.executor.memory: 8g}\n",
                    "ingest.max-rejected-share=0.9",
                    "evaluate.batch-rows=7")
                .changes())
        .isEmpty();
  }

  @Test
  void aClassThatLooksLikeANumberIsNoChange() throws IOException {
    String numbers = TASK.replace("[bad, good]", "['007', '1_000', 0x1F]");

    assertThat(changes(numbers, numbers).isEmpty()).isTrue();
  }

  @Test
  void aCorpusThatIsNewOrGoneIsNoChange() throws IOException {
    String two =
        TASK + "  - {name: club, path: club.csv, columns: {text: body, labels: {mood: m}}}\n";

    assertThat(changes(TASK, two).changes()).isEmpty();
    assertThat(changes(two, TASK).changes()).isEmpty();
  }

  @Test
  void aConfigurationOfAnEarlierVersionHasTheDefaultsOfKeysThatItLacks() throws IOException {
    String resolved = RunConfigs.resolved(load(TASK));
    String older = resolved.replaceFirst("(?m)^  anchor-margin: .*\\n", "");

    assertThat(older).isNotEqualTo(resolved);
    assertThat(ConfigChanges.between(older, load(TASK))).contains(ConfigChanges.NONE);
  }

  @Test
  void aConfigurationThatCannotBeReadIsSaidToBeSo() throws IOException {
    assertThat(ConfigChanges.between("surprise: 1", load(TASK))).isEqualTo(Optional.empty());
  }

  private ConfigChanges changes(String before, String now, String... overrides) throws IOException {
    return ConfigChanges.between(RunConfigs.resolved(load(before)), load(now, overrides))
        .orElseThrow();
  }

  private RunConfig load(String text, String... overrides) throws IOException {
    Path file = Files.writeString(folder.resolve("reviews.yaml"), text);
    return RunConfigs.load(file, List.of(overrides));
  }
}
