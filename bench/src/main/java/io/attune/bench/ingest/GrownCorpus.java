package io.attune.bench.ingest;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Writes JSON Lines of English-looking reviews until the files have a given size.
 *
 * <p>Words are drawn by a Zipf law from 50,000 made-up ones, lengths are log-normal around 120
 * words; some texts hold markup, some are copies of earlier ones, some earlier ones with a few
 * words changed, and some lines are damaged. Equal seeds and sizes give equal bytes.
 */
final class GrownCorpus {
  static final String LABELS = "[bad, good]";
  private static final int WORDS = 50_000;
  private static final double MEDIAN_LENGTH = 100;
  private static final double LENGTH_SPREAD = 0.6;
  private static final double MARKUP = 0.1;
  private static final double COPIES = 0.03;
  private static final double NEAR_COPIES = 0.03;
  private static final double DAMAGED = 0.001;
  private static final int REMEMBERED = 1000;
  private static final String[] ONSETS = {
    "b", "br", "c", "ch", "d", "f", "g", "gr", "h", "l", "m", "n", "p", "pl", "r", "s", "st", "t",
    "tr", "v", "w"
  };
  private static final String[] RHYMES = {
    "a", "e", "i", "o", "u", "an", "en", "in", "on", "er", "al", "ist", "ing", "ock", "ight", "oom"
  };

  private final String[] words = new String[WORDS];
  private final double[] cumulative = new double[WORDS];
  private final String[] remembered = new String[REMEMBERED];
  private final Random random;
  private long id;

  GrownCorpus(long seed) {
    this.random = new Random(seed);
    double sum = 0;
    for (int i = 0; i < WORDS; i++) {
      words[i] = word(i);
      sum += 1.0 / (i + 1.5);
      cumulative[i] = sum;
    }
  }

  /** Returns the word of a rank, of more syllables the rarer it is. */
  private static String word(int rank) {
    StringBuilder word = new StringBuilder();
    int rest = rank;
    do {
      int syllable = rest % (ONSETS.length * RHYMES.length);
      word.append(ONSETS[syllable % ONSETS.length]).append(RHYMES[syllable / ONSETS.length]);
      rest /= ONSETS.length * RHYMES.length;
    } while (rest > 0);
    return word.toString();
  }

  /**
   * Writes {@code part-000.jsonl}, … of equal sizes.
   *
   * @param bytes of all files together, about
   * @return the number of lines
   */
  long write(Path folder, long bytes, int files) throws IOException {
    Files.createDirectories(folder);
    for (int file = 0; file < files; file++) {
      long left = bytes / files;
      Path path = folder.resolve("part-%03d.jsonl".formatted(file));
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 20)) {
        while (left > 0) {
          byte[] line = line().getBytes(StandardCharsets.UTF_8);
          out.write(line);
          left -= line.length;
        }
      }
    }
    return id;
  }

  private String line() {
    String text = text();
    remembered[random.nextInt(REMEMBERED)] = text;
    id++;
    String damage = random.nextDouble() < DAMAGED ? "," : "";
    return "{\"id\":\"r%d\",\"when\":\"20%02d-%02d-%02dT%02d:00:00Z\",\"stars\":\"%s\",\"body\":\"%s\"%s}%n"
        .formatted(
            id,
            20 + random.nextInt(6),
            1 + random.nextInt(12),
            1 + random.nextInt(28),
            random.nextInt(24),
            random.nextBoolean() ? "good" : "bad",
            text,
            damage);
  }

  private String text() {
    String earlier = remembered[random.nextInt(REMEMBERED)];
    double kind = random.nextDouble();
    if (earlier != null && kind < COPIES) {
      return earlier;
    }
    if (earlier != null && kind < COPIES + NEAR_COPIES) {
      String[] parts = earlier.split(" ", -1);
      for (int change = 0; change < 1 + parts.length / 100; change++) {
        parts[random.nextInt(parts.length)] = draw();
      }
      return String.join(" ", parts);
    }
    int length = (int) (MEDIAN_LENGTH * Math.exp(LENGTH_SPREAD * random.nextGaussian())) + 3;
    boolean markup = random.nextDouble() < MARKUP;
    StringBuilder text = new StringBuilder(length * 8);
    for (int i = 0; i < length; i++) {
      text.append(i == 0 ? "" : " ").append(draw());
      if (markup && i % 40 == 20) {
        text.append("<br />");
      }
      if (i % 12 == 11) {
        text.append('.');
      }
    }
    return text.toString();
  }

  private String draw() {
    double at = random.nextDouble() * cumulative[WORDS - 1];
    int found = java.util.Arrays.binarySearch(cumulative, at);
    return words[Math.min(WORDS - 1, found < 0 ? -found - 1 : found)];
  }
}
