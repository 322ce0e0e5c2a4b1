package io.attune.jobs.encoder;

import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.layer.StandaloneEncoder;
import io.attune.neural.pretrained.PretrainedEncoder;
import io.attune.pipeline.encoder.EncoderArtefact;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.nd4j.linalg.factory.Nd4j;

/** Measures what an encoder computes on this machine, on random token ids. */
public final class EncoderSpeed {
  private static final int ROWS = 16;
  private static final int TOKENS = 64;
  private static final Duration WARM_UP = Duration.ofSeconds(1);
  private static final Duration MEASURED = Duration.ofSeconds(3);

  private EncoderSpeed() {}

  /** Returns the tokens that one thread encodes in a second, in rows of 64 tokens. */
  public static double tokensPerSecond(EncoderArtefact artefact) {
    PretrainedEncoder encoder = artefact.pretrained();
    StandaloneEncoder standalone =
        new StandaloneEncoder(
            encoder.shape(), Nd4j.createFromArray(encoder.parameters()), BackendChoice.AUTO);
    Random random = new Random(1);
    int length = Math.min(TOKENS, encoder.shape().maxTokens());
    List<int[]> rows =
        IntStream.range(0, ROWS)
            .mapToObj(row -> random.ints(length, 0, encoder.shape().vocabulary()).toArray())
            .toList();
    run(standalone, rows, WARM_UP);
    return run(standalone, rows, MEASURED) * ROWS * length;
  }

  /** Encodes the rows again and again, and returns how often in a second. */
  private static double run(StandaloneEncoder encoder, List<int[]> rows, Duration least) {
    long start = System.nanoTime();
    int times = 0;
    do {
      encoder.encode(rows);
      times++;
    } while (System.nanoTime() - start < least.toNanos());
    return times / ((System.nanoTime() - start) / 1e9);
  }
}
