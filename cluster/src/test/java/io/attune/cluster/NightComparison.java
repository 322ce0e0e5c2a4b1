package io.attune.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.report.TrainingRecord;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Compares the artefacts of a night with those of the same night elsewhere. */
final class NightComparison {
  private NightComparison() {}

  /**
   * Fails unless every artefact is complete and the trained model and its results are
   * bit-identical.
   */
  static void requireSame(Run run, Storage actual, Storage expected) throws IOException {
    for (String artefact :
        List.of(run.tokenizer(), run.dataset(), run.model(), run.evaluation(), run.report())) {
      assertThat(Artefacts.of(actual).verify(artefact).files()).as(artefact).isNotEmpty();
    }
    assertThat(parameters(run, actual)).isEqualTo(parameters(run, expected));
    assertThat(losses(run, actual)).isEqualTo(losses(run, expected)).isNotEmpty();
    NightReport report = report(run, actual);
    assertThat(report.evaluation()).isEqualTo(report(run, expected).evaluation()).isNotEmpty();
    assertThat(report.slices()).isEqualTo(report(run, expected).slices());
  }

  private static NightReport report(Run run, Storage storage) {
    return storage.readJson(run.report() + "/" + NightReport.FILE_NAME, NightReport.class);
  }

  private static List<List<Double>> losses(Run run, Storage storage) {
    TrainingRecord training =
        storage.readJson(run.model() + "/" + ModelBundle.TRAINING, TrainingRecord.class);
    return training.curve().stream()
        .map((EpochRecord epoch) -> List.of(epoch.trainLoss(), epoch.validationLoss()))
        .toList();
  }

  /** Returns the parameters of the network; its archive also holds times. */
  private static byte[] parameters(Run run, Storage storage) throws IOException {
    byte[] model = storage.read(run.model() + "/" + ModelBundle.NETWORK);
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(model))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().equals("coefficients.bin")) {
          return zip.readAllBytes();
        }
      }
    }
    throw new AssertionError("no coefficients.bin in " + ModelBundle.NETWORK);
  }
}
