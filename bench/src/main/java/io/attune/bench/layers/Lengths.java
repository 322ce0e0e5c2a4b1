package io.attune.bench.layers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** Chooses the numbers of tokens of the rows of a case's batches, {@code [batch][row]}. */
public final class Lengths {
  private static final int COUNT = 8;

  /** Matches a token: a piece of a word of up to six letters, as subwords are, or a sign. */
  public static final Pattern TOKEN = Pattern.compile("\\p{L}{1,6}|\\p{N}{1,3}|[^\\p{L}\\p{N}\\s]");

  private Lengths() {}

  static int[][] of(BenchCase given, Path data) throws IOException {
    return given.corpus() == null ? uniform(given) : real(given, data);
  }

  public static boolean has(Path data, String corpus) {
    return Files.isReadable(file(data, corpus));
  }

  public static Path file(Path data, String corpus) {
    return data.resolve(corpus).resolve("train.jsonl.gz");
  }

  private static int[][] uniform(BenchCase given) {
    Random random = new Random(1);
    int half = given.tokens() / 2;
    int[][] lengths = new int[COUNT][BenchCase.BATCH];
    for (int[] batch : lengths) {
      Arrays.setAll(batch, row -> half + random.nextInt(given.tokens() - half + 1));
    }
    return lengths;
  }

  /** Returns batches of rows of similar length, at even steps from the shortest to the longest. */
  private static int[][] real(BenchCase given, Path data) throws IOException {
    int[] sorted = read(file(data, given.corpus()), given.tokens());
    Arrays.sort(sorted);
    int batches = sorted.length / BenchCase.BATCH;
    return IntStream.range(0, COUNT)
        .map(i -> (2 * i + 1) * batches / (2 * COUNT) * BenchCase.BATCH)
        .mapToObj(from -> Arrays.copyOfRange(sorted, from, from + BenchCase.BATCH))
        .toArray(int[][]::new);
  }

  private static int[] read(Path file, int longest) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<String> lines = lines(file);
    int[] lengths = new int[lines.size()];
    for (int i = 0; i < lengths.length; i++) {
      JsonNode text = json.readTree(lines.get(i)).path("text");
      long tokens = TOKEN.matcher(text.asText()).results().count();
      lengths[i] = (int) Math.max(1, Math.min(longest, tokens));
    }
    return lengths;
  }

  /** Reads the first 20,000 lines of a file. */
  public static List<String> lines(Path file) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      return lines.lines().limit(20_000).toList();
    }
  }
}
