package io.attune.pipeline.bundle;

import io.attune.neural.TaskMemory;
import io.attune.pipeline.calibration.Temperature;
import io.attune.pipeline.linear.LinearModel;
import io.attune.pipeline.linear.LogPool;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.Combination.HeadWeights;
import io.attune.schemas.model.LongTexts;
import io.attune.schemas.report.Evaluation.AttendedSpan;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * Predicts the class probabilities of texts with a published model: those of its network or the
 * mean of its networks, those of its linear part, or the combination of both. Safe for use by
 * several threads.
 */
public final class Classifier {
  /**
   * Limits the models kept open in a JVM: the candidate, the current one, and as many again for
   * other tasks.
   */
  private static final int OPEN = 4;

  private static final Map<Key, Classifier> SHARED =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Classifier> eldest) {
          return size() > OPEN;
        }
      };

  private final int heads;
  private final NetworkPart network; // null without one
  private final LinearModel linear; // null without one
  private final List<HeadWeights> weights;
  private final List<Double> temperatures; // by head, of a model of one part

  private Classifier(ModelFiles files) {
    ModelParts parts = files.parts();
    heads = files.labels().heads().size();
    network = parts.hasNetwork() ? new NetworkPart(files) : null;
    linear = parts.hasLinear() ? LinearModel.read(parts.linear(), files.version()) : null;
    weights = parts.combination().heads();
    temperatures = IntStream.range(0, heads).mapToObj(parts::temperature).toList();
  }

  /** Names a part of a model. */
  public enum Part {
    NETWORK,
    LINEAR;

    /** Returns the name in JSON: {@code network} or {@code linear}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Holds the answers of a model and of its parts to the same texts, {@code [text][head][class]}.
   *
   * @param whole null in place of a head that the model does not answer
   * @param parts likewise, by part; not scaled by a temperature
   */
  @SuppressWarnings("ArrayRecordComponent") // Passed on at once; never compared.
  public record Answers(float[][][] whole, Map<Part, float[][][]> parts) {}

  /** Identifies a model: two tasks may have models of one version. */
  private record Key(
      String version,
      List<Long> networks,
      long linear,
      long tokenizer,
      LongTexts longTexts,
      int combination,
      int temperatures) {
    static Key of(ModelFiles files) {
      ModelParts parts = files.parts();
      return new Key(
          files.version(),
          parts.networks().stream().map(Key::checksum).toList(),
          checksum(parts.linear()),
          checksum(files.tokenizer()),
          files.longTexts(),
          parts.combination().hashCode(),
          parts.temperatures().hashCode());
    }

    private static long checksum(byte[] bytes) {
      CRC32C checksum = new CRC32C();
      checksum.update(bytes);
      return checksum.getValue();
    }
  }

  /** Returns the one classifier of this JVM for a model, for Spark tasks. */
  public static Classifier shared(ModelFiles files) {
    Key key = Key.of(files);
    synchronized (SHARED) {
      return SHARED.computeIfAbsent(key, unused -> new Classifier(files));
    }
  }

  /** Frees the models that this JVM keeps; one that is asked again is opened again. */
  public static void forget() {
    synchronized (SHARED) {
      SHARED.clear();
    }
  }

  /**
   * Returns the probability of every class.
   *
   * @param texts any strings; what is longer than a network takes is cut for it, or read in
   *     windows, and its answer is then the mean over them
   * @return {@code [text][head][class]}, in the order of the texts and of the label sets; null in
   *     place of a head for which a model without a network had no label to learn from
   */
  public float[][][] probabilities(List<String> texts) {
    return answers(texts).whole();
  }

  /**
   * Returns the probabilities of the model and of each of its parts, each computed once.
   *
   * @throws Failure.BadUsage if there is not enough memory
   */
  public Answers answers(List<String> texts) {
    return TaskMemory.guarded(() -> ofParts(texts));
  }

  private Answers ofParts(List<String> texts) {
    Map<Part, float[][][]> parts = new EnumMap<>(Part.class);
    if (network != null) {
      parts.put(Part.NETWORK, network.probabilities(texts));
    }
    if (linear != null) {
      parts.put(Part.LINEAR, linear.probabilities(texts));
    }
    return new Answers(
        parts.size() == 1 ? scaled(parts.values().iterator().next()) : combined(parts), parts);
  }

  private float[][][] scaled(float[][][] raw) {
    float[][][] scaled = new float[raw.length][heads][];
    for (int text = 0; text < raw.length; text++) {
      for (int head = 0; head < heads; head++) {
        scaled[text][head] =
            raw[text][head] == null
                ? null
                : Temperature.scale(raw[text][head], temperatures.get(head));
      }
    }
    return scaled;
  }

  private float[][][] combined(Map<Part, float[][][]> parts) {
    float[][][] networks = parts.get(Part.NETWORK);
    float[][][] linears = parts.get(Part.LINEAR);
    float[][][] combined = new float[networks.length][heads][];
    for (int text = 0; text < combined.length; text++) {
      for (int head = 0; head < heads; head++) {
        HeadWeights weight = weights.get(head);
        combined[text][head] =
            LogPool.combine(
                networks[text][head], linears[text][head], weight.network(), weight.linear());
      }
    }
    return combined;
  }

  /**
   * Returns the attention that the words of each text received from the network, or the mean of
   * that from each network; none without a network.
   *
   * @return for each text the attention that each of its words received, in the order of the text;
   *     Chinese by token. The weights of a text sum to at most 1
   */
  public List<List<AttendedSpan>> attention(List<String> texts) {
    return network == null
        ? Collections.nCopies(texts.size(), List.of())
        : TaskMemory.guarded(() -> network.attention(texts));
  }
}
