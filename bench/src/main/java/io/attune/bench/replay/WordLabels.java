package io.attune.bench.replay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * Labels headlines that nobody has labelled, for a first model: negative if one of a list of words
 * for violence, disasters and crises is in it, else neutral. The model learns what else such
 * headlines say, and no more about mood than that.
 *
 * @param text the column of the text
 * @param day the column of the day, ISO 8601
 * @param until the last day that is labelled; headlines of later days have no label
 */
record WordLabels(String text, String day, LocalDate until) {
  /** Names the column that is added. */
  static final String COLUMN = "sentiment_by_words";

  private static final String NEGATIVE = "negative";
  private static final String NEUTRAL = "neutral";

  /** Lists beginnings of words. */
  private static final List<String> STEMS =
      List.of(
          "abus",
          "airstrike",
          "attack",
          "blast",
          "bomb",
          "casualt",
          "cholera",
          "clash",
          "collaps",
          "crash",
          "crisis",
          "dead",
          "death",
          "die",
          "disaster",
          "earthquake",
          "ebola",
          "execut",
          "explo",
          "famine",
          "flood",
          "gunm",
          "hostage",
          "injur",
          "inva",
          "kidnap",
          "kill",
          "leak",
          "massacre",
          "meltdown",
          "missile",
          "murder",
          "outbreak",
          "plunge",
          "quake",
          "radiation",
          "rape",
          "riot",
          "rocket",
          "sanction",
          "shell",
          "shoot",
          "shot",
          "slaughter",
          "strike",
          "terror",
          "threat",
          "tortur",
          "tsunami",
          "victim",
          "violen",
          "war ",
          "wounded");

  private static final Pattern WORDS =
      Pattern.compile("\\b(?:" + String.join("|", STEMS) + ")", Pattern.CASE_INSENSITIVE);

  /** Returns the label of a headline. */
  static String label(String headline) {
    return WORDS.matcher(headline).find() ? NEGATIVE : NEUTRAL;
  }

  /**
   * Copies JSON Lines, with labels; a copy that is there stays as it is, so that no night finds a
   * changed file.
   *
   * @param file plain or compressed by gzip
   * @return the copy
   * @throws Failure.BadInput if a line is no JSON object
   */
  Path copy(Path file, Path copy) throws IOException {
    if (Files.exists(copy)) {
      return copy;
    }
    Files.createDirectories(copy.toAbsolutePath().getParent());
    Path part = copy.resolveSibling(copy.getFileName() + ".part");
    try (BufferedReader in = open(file);
        BufferedWriter out = Files.newBufferedWriter(part)) {
      int number = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        if (!line.isBlank()) {
          out.write(labelled(line, file, number));
          out.write('\n');
        }
      }
    }
    return Files.move(part, copy);
  }

  private static BufferedReader open(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    return new BufferedReader(
        new InputStreamReader(
            file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in,
            StandardCharsets.UTF_8));
  }

  private String labelled(String line, Path file, int number) {
    try {
      ObjectNode document = Json.read(line.getBytes(StandardCharsets.UTF_8), ObjectNode.class);
      String of = document.path(day).asText("");
      // ISO dates are ordered as texts are.
      if (!of.isEmpty() && of.compareTo(until.plusDays(1).toString()) < 0) {
        document.put(COLUMN, label(document.path(text).asText("")));
      }
      return document.toString();
    } catch (IOException e) {
      throw new Failure.BadInput(
          e, "%s, line %d is no JSON object; bring JSON Lines, one document a line", file, number);
    }
  }
}
