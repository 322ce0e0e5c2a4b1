package io.attune.jobs.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.doctor.EncoderChecks.Plan;
import io.attune.neural.encoder.EncoderLayout;
import io.attune.pipeline.encoder.EncoderTrial;
import io.attune.pipeline.encoder.KnownEncoder;
import io.attune.pipeline.encoder.TuningMemory;
import io.attune.schemas.model.EncoderCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what {@code doctor} says of a task's encoder. */
class EncoderChecksTest {
  private static final OffHeap LIMIT = new OffHeap(4_000_000, 2, 2);

  /** 10 blocks of 10,000 parameters in an encoder of 200,000: 240 kB and 1 kB a token and block. */
  private static final TuningMemory MEMORY = new TuningMemory(10, 200_000, 10_000, 6, 1_000);

  /** 1 ms a token and block forward, 2 ms trained. */
  private static final EncoderTrial.Cost COST = new EncoderTrial.Cost(0.001, 0.002, 1_000);

  @TempDir Path folder;

  private static Plan plan(Integer trained) {
    return new Plan("tiny", 10, Optional.ofNullable(trained), 160, 16, 3, 10, LIMIT);
  }

  private RunConfig config(String more, String... overrides) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("task.yaml"),
            """
            task: reviews
            heads: {mood: [bad, good]}
            corpora:
            %s
            """
                .formatted(more));
    return RunConfigs.load(file, List.of(overrides));
  }

  private static String corpus(String name, String language) {
    String spoken = language == null ? "" : "language: %s, ".formatted(language);
    return "  - {name: %s, path: a.csv, %scolumns: {text: text, labels: {mood: stars}}}%n"
        .formatted(name, spoken);
  }

  private Optional<String> encoder(RunConfig config) {
    return TaskEncoder.of(target(config)).map(EncoderCard::name);
  }

  private Target target(RunConfig config) {
    return new Target(
        Optional.of(folder.resolve("root").toString()),
        Optional.of(config),
        Map.of(),
        new Configuration(),
        Map.of());
  }

  @Test
  void theEncoderIsThatOfTheDeclaredLanguageOrTheOneThatIsNamed() throws IOException {
    assertThat(encoder(config(corpus("a", "zh-CN")))).contains("bge-small-zh");
    assertThat(encoder(config(corpus("a", null)))).as("not known").contains("bge-small-en");
    assertThat(encoder(config(corpus("a", "en") + corpus("b", "zh")))).as("several").isEmpty();
    assertThat(encoder(config(corpus("a", "fr")))).isEmpty();
    assertThat(encoder(config(corpus("a", "zh"), "model.encoder=minilm-en"))).contains("minilm-en");
    assertThat(encoder(config(corpus("a", "en"), "model.encoder=none"))).isEmpty();
    assertThat(encoder(config(corpus("a", "en"), "model.kind=linear"))).isEmpty();
    assertThat(encoder(config(corpus("a", "en"), "model.encoder=elsewhere"))).isEmpty();
  }

  @Test
  void theShapeOfAKnownEncoderHasItsParameters() {
    for (KnownEncoder known : KnownEncoder.all()) {
      assertThat(EncoderLayout.of(EncoderTrial.shape(known.card())).length())
          .as(known.name())
          .isEqualTo(known.card().parameters());
    }
  }

  @Test
  void memoryThatDoesNotFitFailsWithWhatToLower() {
    Check fails = EncoderChecks.memory(plan(10), MEMORY);
    assertThat(fails.failed()).isTrue();
    assertThat(fails.found()).contains("tiny, 10 of 10 blocks trained", "each of 2 tasks");
    assertThat(fails.fix()).contains("model.tune: top and model.tune-layers: 3");

    assertThat(EncoderChecks.memory(plan(2), MEMORY).isOk()).isTrue();
    Check auto = EncoderChecks.memory(plan(null), MEMORY);
    assertThat(auto.isOk()).isTrue();
    assertThat(auto.found()).contains("3 of 10 blocks trained");
  }

  @Test
  void timeIsComparedWithTheBudgetWhereTheTokensAreKnown() {
    // 2 blocks: 8 ms forward and 3 passes of 4 ms, by 2 workers: 10 ms a token.
    Check unknown = EncoderChecks.time(plan(2), COST, MEMORY, OptionalLong.empty());
    assertThat(unknown.isOk()).isTrue();
    assertThat(unknown.found())
        .contains("100 tokens/s forward and 50 trained through 10 blocks")
        .contains("2 workers train 2 blocks on 60,000 tokens");

    Check fits = EncoderChecks.time(plan(2), COST, MEMORY, OptionalLong.of(48_000));
    assertThat(fits.isOk()).isTrue();
    assertThat(fits.found()).contains("about 8.0 minutes with 2 of 10 blocks trained");

    Check slow = EncoderChecks.time(plan(2), COST, MEMORY, OptionalLong.of(72_000));
    assertThat(slow.status()).isEqualTo(Check.WARNING);
    assertThat(slow.fix()).contains("model.tune: auto, which would train 1 of 10 blocks");

    Check auto = EncoderChecks.time(plan(null), COST, MEMORY, OptionalLong.of(72_000));
    assertThat(auto.isOk()).isTrue();
    assertThat(auto.found()).contains("with 1 of 10 blocks trained");

    Check never = EncoderChecks.time(plan(null), COST, MEMORY, OptionalLong.of(1_000_000));
    assertThat(never.status()).isEqualTo(Check.WARNING);
    assertThat(never.fix()).contains("a smaller encoder");
  }

  @Test
  void measuresTheEncoderOfATask() throws IOException {
    List<Check> checks =
        EncoderChecks.examine(
            target(
                config(
                    corpus("a", "zh"),
                    "tokenize.max-tokens=32",
                    "model.precision=float32",
                    "model.backend=nd4j")));

    assertThat(checks).extracting(Check::name).containsExactly("encoder", "speed");
    assertThat(checks).extracting(Check::found).allMatch(found -> found.contains("bge-small-zh"));
  }

  @Test
  void executorsHaveWhatTheirSettingsSay() throws IOException {
    RunConfig config = config(corpus("a", "en"));
    Map<String, String> spark =
        Map.of(
            "spark.master", "yarn",
            "spark.executor.memory", "4g",
            "spark.executor.cores", "4",
            "spark.executor.instances", "3");
    Target target =
        new Target(Optional.empty(), Optional.of(config), spark, new Configuration(), Map.of());

    assertThat(OffHeap.of(target)).isEqualTo(new OffHeap(4L << 30, 4, 12));
    assertThat(OffHeap.of(target).ofTask()).isEqualTo(1L << 30);
  }
}
