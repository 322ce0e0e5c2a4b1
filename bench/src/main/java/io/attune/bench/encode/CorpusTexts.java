package io.attune.bench.encode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attune.pipeline.text.DocumentText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;

/**
 * Holds the texts of a corpus.
 *
 * @param name for the output
 */
record CorpusTexts(String name, List<String> texts) {
  private static final int WORDS = 50_000;
  private static final int HAN = 3_500;
  private static final int FIRST_HAN = 0x4E00;

  /**
   * Reads the fields {@code title} and {@code text} of JSON Lines.
   *
   * @param file compressed if it ends in {@code .gz}
   * @param most texts, the first ones
   */
  static CorpusTexts read(Path file, int most) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<String> texts = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in,
                    StandardCharsets.UTF_8))) {
      for (String line = lines.readLine();
          line != null && texts.size() < most;
          line = lines.readLine()) {
        JsonNode row = json.readTree(line);
        texts.add(DocumentText.of(row.path("title").asText(""), row.path("text").asText("")));
      }
    }
    return new CorpusTexts(file.getParent().getFileName() + "/" + file.getFileName(), texts);
  }

  /** Makes up texts of 20 to 300 words, as frequent as Zipf's law says. */
  static CorpusTexts english(int count) {
    SplittableRandom random = new SplittableRandom(1);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder text = new StringBuilder();
      for (int word = 20 + random.nextInt(280); word > 0; word--) {
        text.append(word(rank(random, WORDS))).append(word % 11 == 0 ? ", " : " ");
      }
      texts.add(text.append('.').toString());
    }
    return new CorpusTexts("made-up English", texts);
  }

  /** Makes up texts of 20 to 300 Han characters in clauses. */
  static CorpusTexts chinese(int count) {
    SplittableRandom random = new SplittableRandom(2);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder text = new StringBuilder();
      for (int left = 20 + random.nextInt(280); left > 0; left--) {
        text.appendCodePoint(FIRST_HAN + rank(random, HAN)).append(left % 11 == 0 ? "，" : "");
      }
      texts.add(text.append('。').toString());
    }
    return new CorpusTexts("made-up Chinese", texts);
  }

  private static int rank(SplittableRandom random, int most) {
    return (int) Math.pow(most, random.nextDouble()) - 1;
  }

  private static String word(int rank) {
    StringBuilder word = new StringBuilder();
    int rest = rank;
    do {
      word.append("tnrslhdm".charAt(rest % 8)).append("eaoiu".charAt(rest / 8 % 5));
      rest /= 40;
    } while (rest > 0);
    return word.toString();
  }

  long characters() {
    return texts.stream().mapToLong(String::length).sum();
  }
}
