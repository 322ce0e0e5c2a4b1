package io.attune.bench.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.network.ModelConfig.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LengthsTest {

  @Test
  void uniformLengthsLieBetweenHalfAndAll() throws IOException {
    BenchCase given = BenchCase.uniform(Kind.TRANSFORMER, 1, 64, 32, true);

    int[][] lengths = Lengths.of(given, Path.of(""));

    assertThat(Arrays.stream(lengths).flatMapToInt(Arrays::stream).boxed().toList())
        .allMatch(length -> length >= 16 && length <= 32)
        .contains(16, 32);
  }

  @Test
  void batchesOfACorpusAreCutByLength(@TempDir Path data) throws IOException {
    Files.createDirectories(data.resolve("small"));
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(data.resolve("small/train.jsonl.gz")))) {
      for (int row = 0; row < 1024; row++) {
        String text = "ab ".repeat(1 + row % 100);
        out.write("{\"text\":\"%s\"}\n".formatted(text).getBytes(StandardCharsets.UTF_8));
      }
    }
    BenchCase given = new BenchCase(Kind.TRANSFORMER, 1, 64, 50, true, "small");

    int[][] lengths = Lengths.of(given, data);

    for (int[] batch : lengths) {
      assertThat(batch).hasSize(BenchCase.BATCH).isSorted();
      assertThat(batch[63] - batch[0]).isLessThan(10);
    }
    assertThat(lengths[0][0]).isLessThan(10);
    assertThat(lengths[7][63]).isEqualTo(50);
  }
}
