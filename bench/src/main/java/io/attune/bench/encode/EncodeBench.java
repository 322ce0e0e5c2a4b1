package io.attune.bench.encode;

import io.attune.jobs.spark.SparkSessions;
import io.attune.neural.NativeThreads;
import io.attune.pipeline.encoder.EncoderChoice;
import io.attune.pipeline.text.SubwordTokenizer;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.DoubleSupplier;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares how fast texts become token ids with Hugging Face's own library. */
@Command(
    name = "encode",
    mixinStandardHelpOptions = true,
    description = {
      "Compares how fast texts become token ids, on one core: in Hugging Face's native library (its"
          + " batch method, and one by one with nothing but the ids taken out), in Attune's"
          + " encoder, and in the job of the stage tokenize that reads documents, encodes them and"
          + " writes token rows, files included.",
      "",
      "All of them alternate within a round; a ratio is the median of the rounds' ratios to the"
          + " faster of the first two. Both kinds of tokenizer are measured: the pretrained"
          + " encoder's of the texts' language, and one that is trained on the texts. Then the"
          + " shards are read as training reads them, and padding is counted.",
      "",
      "Needs RAYON_NUM_THREADS=1 in the environment, so that the native library keeps to one core."
    })
public final class EncodeBench implements Callable<Integer> {
  private static final String THREADS = "RAYON_NUM_THREADS";

  /** Limits the texts whose ids are compared, which takes the native library's time. */
  private static final int CHECKED = 2_000;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description =
          "JSON Lines with text and perhaps title, .gz or not; may be given several times (default:"
              + " made-up English and made-up Chinese).")
  private List<Path> inputs = List.of();

  @Option(names = "--documents", description = "Texts of each input (${DEFAULT-VALUE}).")
  private int documents = 20_000;

  @Option(
      names = "--encoders",
      split = ",",
      description =
          "Whose tokenizers: names of encoders, auto for that of the language, none for one that is"
              + " trained on the texts (${DEFAULT-VALUE}).")
  private List<String> encoders = List.of("auto", "none");

  @Option(names = "--rounds", description = "Rounds that are measured (${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Override
  public Integer call() throws IOException {
    if (!"1".equals(System.getenv(THREADS))) {
      throw new Failure.BadUsage(
          "%s is %s: the native library would use several cores; set it to 1",
          THREADS, System.getenv(THREADS));
    }
    NativeThreads.oneForEachTask();
    Path root = Files.createTempDirectory("attune-bench-encode");
    SparkSession spark =
        SparkSessions.open(
            "attune bench encode",
            Map.of("spark.master", "local[1]", "spark.sql.shuffle.partitions", "1"));
    try {
      TokenizeNights nights = new TokenizeNights(spark, root);
      for (CorpusTexts corpus : corpora()) {
        nights.documents(corpus);
        System.out.printf(
            Locale.ROOT,
            "%s: %,d documents, %,d characters%n",
            corpus.name(),
            corpus.texts().size(),
            corpus.characters());
        for (String encoder : encoders) {
          compare(nights, corpus, encoder);
          TrainingRead.print(nights.shards(), 1, 2);
        }
      }
    } finally {
      spark.stop();
      remove(root);
    }
    return 0;
  }

  private List<CorpusTexts> corpora() throws IOException {
    if (inputs.isEmpty()) {
      return List.of(CorpusTexts.english(documents), CorpusTexts.chinese(documents));
    }
    List<CorpusTexts> corpora = new ArrayList<>();
    for (Path input : inputs) {
      corpora.add(CorpusTexts.read(input, documents));
    }
    return corpora;
  }

  private void compare(TokenizeNights nights, CorpusTexts corpus, String encoder)
      throws IOException {
    EncoderChoice choice = EncoderChoice.of(encoder);
    var unused = nights.seconds(choice);
    byte[] file = nights.tokenizer();
    List<String> texts = corpus.texts();
    List<String> checked = texts.subList(0, Math.min(CHECKED, texts.size()));
    try (ReferenceTokenizer reference = new ReferenceTokenizer(file);
        SubwordTokenizer ours = SubwordTokenizer.of(file)) {
      System.out.printf(
          Locale.ROOT,
          " tokenizer of model.encoder: %s; the same ids for %,d of the first %,d documents%n",
          encoder,
          checked.stream().filter(text -> isSame(ours, reference, text)).count(),
          checked.size());
      List<Contender> contenders =
          List.of(
              new Contender(
                  "native library, batches", () -> timed(() -> reference.encodeBatches(texts))),
              new Contender(
                  "native library, ids alone", () -> timed(() -> texts.forEach(reference::ids))),
              new Contender(
                  "attune's encoder",
                  () -> timed(() -> texts.forEach(text -> ours.ids(text, nights.maxTokens())))),
              new Contender("stage tokenize, with files", () -> nights.seconds(choice)));
      measure(contenders);
      double[] best = new double[rounds];
      Arrays.setAll(
          best,
          round -> Math.min(contenders.get(0).seconds[round], contenders.get(1).seconds[round]));
      contenders.forEach(contender -> contender.print(corpus, best));
    }
  }

  private void measure(List<Contender> contenders) {
    contenders.forEach(contender -> contender.seconds = new double[rounds]);
    for (int round = 0; round < rounds; round++) {
      for (Contender contender : contenders) {
        contender.seconds[round] = contender.work.getAsDouble();
      }
    }
  }

  /** Names a way to encode all texts, which gives its seconds. */
  private static final class Contender {
    private final String name;
    private final DoubleSupplier work;
    private double[] seconds;

    Contender(String name, DoubleSupplier work) {
      this.name = name;
      this.work = work;
    }

    void print(CorpusTexts corpus, double[] best) {
      double median = median(seconds);
      double[] ratios = new double[seconds.length];
      Arrays.setAll(ratios, round -> best[round] / seconds[round]);
      System.out.printf(
          Locale.ROOT,
          "  %-27s %,12.0f characters/s %,9.0f documents/s  %6.2f times the native library%n",
          name,
          corpus.characters() / median,
          corpus.texts().size() / median,
          median(ratios));
    }
  }

  /** Compares the ids of a whole text; with a text without tokens our encoder says one more. */
  private static boolean isSame(SubwordTokenizer ours, ReferenceTokenizer reference, String text) {
    int[] expected = reference.ids(text);
    int[] found = ours.ids(text, Integer.MAX_VALUE);
    return Arrays.equals(found, expected) || expected.length == 0;
  }

  private static double timed(Runnable work) {
    long started = System.nanoTime();
    work.run();
    return (System.nanoTime() - started) / 1e9;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static void remove(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
