package io.attune.pipeline.smoke;

import io.attune.pipeline.smoke.FreshProcess.Ending;
import io.attune.pipeline.smoke.SmokeProbe.Answered;
import io.attune.pipeline.storage.Artefact;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.Manifest;
import io.attune.schemas.model.Manifest.FileEntry;
import io.attune.schemas.report.KeptAnswers;
import io.attune.schemas.report.KeptAnswers.KeptAnswer;
import io.attune.schemas.report.KeptAnswers.KeptText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileUtil;

/**
 * Opens a published bundle in a fresh process, and compares what it answers with what the model
 * answered in the evaluation. A tokenizer, an order of classes or a file that is another one shows
 * here, before the model is in use.
 *
 * @param kept what it answered in the evaluation
 * @param model {@link io.attune.schemas.report.Evaluation#CANDIDATE}, or the name of its linear
 *     part alone
 */
public record SmokeTest(KeptAnswers kept, String model) {
  /**
   * Bounds the difference of two probabilities: processors of different kinds, and numbers of 16 or
   * 8 bits on some of them, round otherwise, by less than this.
   */
  static final double TOLERANCE = 0.02;

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final long MEGABYTE = 1L << 20;

  /** Sets the heap, in MB, of a process with a bundle of no size. */
  private static final long BASE_HEAP = 320;

  /** Sets how often a bundle's bytes are on the heap while it is opened. */
  private static final int COPIES = 4;

  /**
   * Says what the process found.
   *
   * @param fault what is wrong, for people; empty if nothing is
   * @param milliseconds of one text that is asked alone; null if it was not measured
   */
  public record Result(Optional<String> fault, Double milliseconds) {}

  /**
   * Asks the bundle. Its files are copied to a folder of this machine and are read there, so that
   * the process needs no rights of its own.
   *
   * @param measures whether the time of an answer is measured, which takes some seconds
   */
  public Result run(Artefact bundle, boolean measures) {
    long bytes = bundle.manifest().files().stream().mapToLong(FileEntry::bytes).sum();
    FreshProcess process = new FreshProcess(BASE_HEAP + COPIES * bytes / MEGABYTE, PATIENCE);
    try {
      Path folder = Files.createTempDirectory("attune-smoke-");
      try {
        return ask(bundle, folder, process, measures);
      } finally {
        FileUtil.fullyDelete(folder.toFile()); // what is left is in a temporary folder
      }
    } catch (IOException e) {
      return new Result(
          Optional.of(
              "no process could be started to open it (%s); where none may be, set gate.smoke-test: false"
                  .formatted(e.getMessage())),
          null);
    }
  }

  private Result ask(Artefact bundle, Path folder, FreshProcess process, boolean measures)
      throws IOException {
    Path files = Files.createDirectory(folder.resolve(SmokeProbe.BUNDLE));
    List<String> names = new ArrayList<>(List.of(Manifest.FILE_NAME));
    bundle.manifest().files().forEach(file -> names.add(file.path()));
    for (String name : names) {
      Path target = files.resolve(name);
      Files.createDirectories(target.getParent());
      bundle.copyTo(name, target);
    }
    Files.write(folder.resolve(KeptAnswers.FILE_NAME), Json.pretty(kept));
    List<String> arguments = new ArrayList<>(List.of(folder.toString(), model));
    if (measures) {
      arguments.add("measure");
    }
    Ending ending = process.run(SmokeProbe.class, folder, arguments);
    if (!ending.isGood()) {
      return new Result(
          Optional.of(
              "a fresh process that opened it ended with code %d: %s"
                  .formatted(ending.code(), ending.output())),
          null);
    }
    Answered answered =
        Json.read(Files.readAllBytes(folder.resolve(SmokeProbe.ANSWERS)), Answered.class);
    return new Result(difference(answered), answered.milliseconds());
  }

  /** Returns the largest difference in words; empty if all are within the tolerance. */
  private Optional<String> difference(Answered answered) {
    double largest = TOLERANCE;
    String words = null;
    for (int i = 0; i < kept.texts().size(); i++) {
      KeptText text = kept.texts().get(i);
      for (KeptAnswer answer : text.answers()) {
        if (!answer.model().equals(model)) {
          continue;
        }
        Map<String, Double> found = answered.texts().get(i).getOrDefault(answer.head(), Map.of());
        double probability = found.getOrDefault(answer.chosen(), 0.0);
        double difference = Math.abs(probability - answer.probability());
        if (!(difference <= largest)) { // also if it is not a number
          largest = difference;
          words =
              String.format(
                  Locale.ROOT,
                  "opened by a fresh process it answers otherwise than in the evaluation: '%s' of"
                      + " '%s' has the probability %.4f for document '%s', and had %.4f",
                  answer.chosen(),
                  answer.head(),
                  probability,
                  text.id(),
                  answer.probability());
        }
      }
    }
    return Optional.ofNullable(words);
  }
}
