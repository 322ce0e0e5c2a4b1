package io.attune.pipeline.stage.train;

import static io.attune.pipeline.stage.train.TestTrainings.MODEL;
import static io.attune.pipeline.stage.train.TestTrainings.config;
import static io.attune.pipeline.stage.train.TestTrainings.configOfNetworks;
import static io.attune.pipeline.stage.train.TestTrainings.model;
import static io.attune.pipeline.stage.train.TestTrainings.network;
import static io.attune.pipeline.stage.train.TestTrainings.night;
import static io.attune.pipeline.stage.train.TestTrainings.requireSame;
import static io.attune.pipeline.stage.train.TestTrainings.updater;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.stage.train.checkpoint.Checkpoints;
import io.attune.pipeline.stage.train.checkpoint.Ledger;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.report.TrainingRecord;
import io.attune.schemas.report.TrainingRecord.NetworkRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests trainings of several networks. */
class EnsembleTest {
  private static final List<TestDataset.Document> TRAIN = TestDataset.documents(100, 1);
  private static final List<TestDataset.Document> VALIDATION = TestDataset.documents(20, 2);
  private static final List<String> TEXTS =
      VALIDATION.stream().map(TestDataset.Document::text).toList();
  private static final int SEED = 7;

  @TempDir static Path whole;
  private static StageContext unbroken;

  @TempDir Path root;

  @BeforeAll
  static void trainOnce() {
    unbroken = trained(whole, 3, SEED);
  }

  /** Shows how far a training is. */
  private record Shown(long done, long total, String note) {}

  private static StageContext dataset(Path root, Progress progress) {
    StageContext context = night(root, progress);
    TestDataset.publish(context, TRAIN, VALIDATION);
    return context;
  }

  private static StageResult train(StageContext context, int seeds, long seed) {
    return TestTrainings.train(context, configOfNetworks(seeds, seed), model(), updater(), "");
  }

  private static StageContext trained(Path root, int seeds, long seed) {
    StageContext context = dataset(root, Progress.SILENT);
    train(context, seeds, seed);
    return context;
  }

  private static TrainingRecord record(StageContext context) {
    return context.storage().readJson(MODEL + "/" + ModelBundle.TRAINING, TrainingRecord.class);
  }

  private static float[][][] answers(StageContext context) {
    return Classifier.shared(ModelFiles.read(context.artefacts().open(MODEL))).probabilities(TEXTS);
  }

  @Test
  void answersWithTheMeanOfNetworksThatTheirSeedsAloneGive() {
    List<NetworkRecord> networks = record(unbroken).networks();
    assertThat(networks).extracting(NetworkRecord::seed).doesNotHaveDuplicates().startsWith(7L);

    List<float[][][]> singles = new ArrayList<>();
    for (int number = 1; number <= 3; number++) {
      long seed = networks.get(number - 1).seed();
      StageContext single = trained(root.resolve("single-" + number), 1, seed);
      requireSame(network(unbroken, number), network(single));
      singles.add(answers(single));
    }

    float[][][] answers = answers(unbroken);
    for (int text = 0; text < TEXTS.size(); text++) {
      for (int head = 0; head < 2; head++) {
        for (int label = 0; label < 2; label++) {
          double sum = 0;
          for (float[][][] single : singles) {
            sum += single[text][head][label];
          }
          assertThat((double) answers[text][head][label]).isCloseTo(sum / 3, within(1e-6));
        }
      }
    }
    assertThat(singles.get(0)[0][0][0]).isNotEqualTo(singles.get(1)[0][0][0]);
  }

  @Test
  void recordsEachNetworkAndShowsTheirSpread() {
    List<Shown> shown = new ArrayList<>();
    StageContext context =
        dataset(root, (done, total, note) -> shown.add(new Shown(done, total, note)));

    StageResult result = train(context, 3, SEED);

    TrainingRecord record = record(context);
    List<NetworkRecord> networks = record.networks();
    assertThat(networks).allMatch(network -> network.epochs() == 2 && network.bestEpoch() >= 1);
    assertThat(networks.get(0).validationLoss())
        .isEqualTo(record.curve().get(record.bestEpoch() - 1).validationLoss());
    double mean =
        networks.stream().mapToDouble(NetworkRecord::validationAccuracy).average().orElseThrow();
    double variance =
        networks.stream()
                .mapToDouble(network -> Math.pow(network.validationAccuracy() - mean, 2))
                .sum()
            / 2;
    assertThat(record.accuracyDeviation()).isCloseTo(Math.sqrt(variance), within(1e-12));
    assertThat(record.macroF1Deviation()).isNotNegative();
    assertThat(record.rowsPlanned()).isEqualTo(600);
    assertThat(record.rowsTrained()).isEqualTo(600);
    assertThat(record.parameters()).isEqualTo(3 * network(context).numParams());
    String spread =
        String.format(
            Locale.ROOT, "validation accuracy %.3f ± %.3f", mean, record.accuracyDeviation());
    assertThat(result.summary()).startsWith("3 networks, " + spread + ", ");
    assertThat(new String(context.storage().read(MODEL + "/card.md"), StandardCharsets.UTF_8))
        .contains("the mean of the probabilities of 3 networks", spread);
    assertThat(shown).extracting(Shown::done).isSorted();
    assertThat(shown).extracting(Shown::total).containsOnly(600L);
    assertThat(shown.get(0).note()).startsWith("network 1 of 3, epoch 1/2 loss ");
    Shown last = shown.get(shown.size() - 1);
    assertThat(last.done()).isEqualTo(600);
    assertThat(last.note()).startsWith("network 3 of 3, epoch 2/2 loss ");
    for (String folder : List.of("", "/network-2", "/network-3")) {
      String ledger = TestNight.RUN.folder() + folder + "/" + Ledger.FILE_NAME;
      assertThat(context.storage().readJson(ledger, Ledger.class).rounds())
          .allMatch(entry -> entry.planned() == entry.trained())
          .extracting(Ledger.Entry::trained)
          .satisfies(rows -> assertThat(rows.stream().mapToLong(row -> row).sum()).isEqualTo(200));
    }
  }

  @Test
  void recordsTheOnlyNetworkWithoutASpread() {
    StageContext context = trained(root, 1, SEED);

    TrainingRecord record = record(context);

    assertThat(record.networks()).extracting(NetworkRecord::seed).containsExactly(7L);
    assertThat(record.accuracyDeviation()).isNull();
    assertThat(context.storage().list(MODEL)).contains("model.zip").doesNotContain("model-2.zip");
    assertThat(context.storage().list(TestNight.RUN.folder())).doesNotContain("network-2");
  }

  @Test
  void oneKilledInItsSecondNetworkResumesThereAndEndsAsAnUnbrokenOneToTheBit() {
    killed(root, 330); // after a checkpoint of the second network
    assertThat(checkpoints(night(root, Progress.SILENT), 2)).isNotEmpty();

    StageContext resumed = resumed(root, 2);

    requireSameModel(resumed);
    assertThat(record(resumed).resumes()).isEqualTo(1);
    assertThat(record(resumed).rowsTrained()).isEqualTo(600);
  }

  @Test
  void oneKilledBeforeTheFirstCheckpointOfItsSecondNetworkStartsThatAgain() {
    killed(root, 201);
    assertThat(checkpoints(night(root, Progress.SILENT), 2)).isEmpty();

    StageContext resumed = resumed(root, 2);

    requireSameModel(resumed);
    assertThat(record(resumed).resumes()).isZero();
  }

  @Test
  void oneThatFailsWhenItPublishesTrainsNothingAgain() throws Exception {
    Path inTheWay = root.resolve(MODEL).getParent();
    StageContext failing = dataset(root, Progress.SILENT);
    Files.createDirectories(inTheWay.getParent());
    Files.writeString(inTheWay, "a file where the folder of the models should be");
    assertThatThrownBy(() -> train(failing, 3, SEED)).hasMessageContaining("models/test");
    Files.delete(inTheWay);

    StageContext resumed = resumed(root, 4);

    requireSameModel(resumed);
    assertThat(record(resumed).resumes()).isZero();
  }

  /** Trains until a number of rows is done, all networks together, and stops as if killed. */
  private static void killed(Path root, long rows) {
    StageContext context = dataset(root, TestTrainings.killing(rows));
    assertThatThrownBy(() -> train(context, 3, SEED)).hasMessage("killed");
    assertThat(context.storage().exists(MODEL)).isFalse();
  }

  /**
   * Trains the rest.
   *
   * @param first network of which anything is left to train
   */
  private static StageContext resumed(Path root, int first) {
    List<String> notes = new ArrayList<>();
    StageContext context = night(root, (done, total, note) -> notes.add(note));
    train(context, 3, SEED);
    for (int number = 1; number <= 3; number++) {
      String start = "network " + number + " of 3, ";
      assertThat(notes.stream().anyMatch(note -> note.startsWith(start)))
          .as(start)
          .isEqualTo(number >= first);
    }
    return context;
  }

  private static List<String> checkpoints(StageContext context, int number) {
    return context.storage().list(Train.folder(TestNight.RUN, number) + "/" + Checkpoints.FOLDER);
  }

  private static void requireSameModel(StageContext actual) {
    for (int number = 1; number <= 3; number++) {
      requireSame(network(actual, number), network(unbroken, number));
    }
    assertThat(answers(actual)).isDeepEqualTo(answers(unbroken));
    assertThat(record(actual).networks()).isEqualTo(record(unbroken).networks());
  }

  @Test
  void aNetworkThatEndedTrainsOnIfMoreEpochsAreAllowed(@TempDir Path other) {
    StageContext longer = dataset(root, Progress.SILENT);
    TestTrainings.train(longer, config(2, 4), model(), updater(), "");
    StageContext shorter = trained(other, 1, SEED);
    shorter.artefacts().retire(MODEL);

    TestTrainings.train(shorter, config(2, 4), model(), updater(), "");

    requireSame(network(shorter), network(longer));
    assertThat(record(shorter).resumes()).isEqualTo(1);
  }
}
