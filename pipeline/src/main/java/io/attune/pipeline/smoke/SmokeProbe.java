package io.attune.pipeline.smoke;

import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.KeptAnswers;
import io.attune.schemas.report.KeptAnswers.KeptText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.UserGroupInformation;

/** Is the main class of the process that opens a bundle and asks it about texts. */
final class SmokeProbe {
  static final String BUNDLE = "bundle";
  static final String ANSWERS = "answers.json";

  /** Bounds the time, in seconds, in which the JVM compiles what it runs. */
  private static final double WARM_UP = 3;

  private SmokeProbe() {}

  /**
   * Holds what the bundle answered.
   *
   * @param texts for each text the probability of each class, by head
   * @param milliseconds of one text that is asked alone, the median; null if it was not measured
   */
  record Answered(List<Map<String, Map<String, Double>>> texts, Double milliseconds) {}

  /**
   * Opens the bundle in a folder, asks it, and writes {@value #ANSWERS} there.
   *
   * @param arguments the folder, which holds {@value #BUNDLE} and {@link KeptAnswers}; the name of
   *     the model in the evaluation; and {@code measure} if the time of an answer is asked for
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Configuration hadoop = new Configuration();
    hadoop.set("hadoop.security.authentication", "simple"); // all files are here
    UserGroupInformation.setConfiguration(hadoop);
    Storage here = Storage.at("file://" + folder.toAbsolutePath(), hadoop);
    ModelFiles whole = ModelFiles.read(Artefacts.of(here).open(BUNDLE));
    ModelFiles files = arguments[1].equals(Evaluation.CANDIDATE) ? whole : linearPart(whole);
    List<String> texts =
        Json.read(Files.readAllBytes(folder.resolve(KeptAnswers.FILE_NAME)), KeptAnswers.class)
            .texts()
            .stream()
            .map(KeptText::text)
            .toList();
    Classifier classifier = Classifier.shared(files);
    float[][][] answers = classifier.probabilities(texts);
    boolean measures = arguments.length > 2;
    Files.write(
        folder.resolve(ANSWERS),
        Json.pretty(
            new Answered(named(answers, files), measures ? median(classifier, texts) : null)));
  }

  /** Returns the model that the linear part alone is, as it would be published. */
  private static ModelFiles linearPart(ModelFiles whole) {
    return new ModelFiles(
        whole.parts().linearAlone(),
        whole.tokenizer(),
        whole.labels(),
        whole.maxTokens(),
        whole.longTexts(),
        whole.version());
  }

  private static List<Map<String, Map<String, Double>>> named(
      float[][][] answers, ModelFiles files) {
    List<Map<String, Map<String, Double>>> texts = new ArrayList<>();
    for (float[][] heads : answers) {
      Map<String, Map<String, Double>> byHead = new TreeMap<>();
      for (int head = 0; head < heads.length; head++) {
        Head labels = files.labels().heads().get(head);
        if (heads[head] != null) {
          Map<String, Double> byClass = new TreeMap<>();
          for (int c = 0; c < heads[head].length; c++) {
            byClass.put(labels.classes().get(c), (double) heads[head][c]);
          }
          byHead.put(labels.name(), byClass);
        }
      }
      texts.add(byHead);
    }
    return texts;
  }

  /** Returns the median of the milliseconds that single texts take, once the JVM has compiled. */
  private static double median(Classifier classifier, List<String> texts) {
    long start = System.nanoTime();
    double[] times = new double[texts.size()];
    do {
      for (int i = 0; i < times.length; i++) {
        long before = System.nanoTime();
        classifier.probabilities(List.of(texts.get(i)));
        times[i] = (System.nanoTime() - before) / 1e6;
      }
    } while (System.nanoTime() - start < WARM_UP * 1e9);
    Arrays.sort(times);
    return times.length == 0 ? 0 : times[times.length / 2];
  }
}
