package io.attune.pipeline.stage.tokenize;

import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Holds a list of synonyms: groups of words of which each can stand for each other one.
 *
 * @param sha256 of the file
 * @param groups in the list
 * @param byWord the group of each word, by the word in lower case
 */
record SynonymList(String sha256, int groups, Map<String, List<String>> byWord)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Separates words: commas, also those of Chinese texts, and tabs. */
  private static final String SEPARATOR = "[,\uFF0C\t]";

  /** Collects the groups of a file, and where its words are. */
  private record Reading(
      String file, Map<String, List<String>> byWord, Map<String, Integer> lines) {

    /** Adds the group of a line. */
    void add(String line, int number) {
      List<String> group = new ArrayList<>();
      for (String word : line.split(SEPARATOR, -1)) {
        group.add(word.strip());
      }
      if (group.contains("")) {
        throw bad(number, "one of its words is empty", "separate words by single commas or tabs");
      }
      if (group.size() < 2) {
        throw bad(
            number,
            "it has the word '%s' alone".formatted(group.get(0)),
            "write the words that mean the same into one line, separated by commas or tabs");
      }
      for (String word : group) {
        String lower = word.toLowerCase(Locale.ROOT);
        Integer before = lines.putIfAbsent(lower, number);
        if (before != null) {
          throw bad(
              number,
              "the word '%s' is already in line %d".formatted(word, before),
              "leave it in one group alone, once");
        }
        byWord.put(lower, group);
      }
    }

    Failure.BadInput bad(int line, String what, String advice) {
      return new Failure.BadInput(
          "Line %d of the synonyms '%s' (tokenize.synonyms.file) cannot be used: %s; %s",
          line, file, what, advice);
    }
  }

  /**
   * Reads a file in UTF-8: a group in each line, its words separated by commas or tabs. Empty
   * lines, and those that start with {@code #}, are left out. Upper and lower case are the same.
   *
   * @throws Failure.BadInput naming the line that has one word, an empty one, one that another
   *     group has too, or that is not UTF-8; or if there is no group
   */
  static SynonymList read(byte[] bytes, String file) {
    Reading reading = new Reading(file, new HashMap<>(), new HashMap<>());
    int groups = 0;
    int number = 0;
    for (String line : decoded(bytes, reading).split("\n", -1)) {
      number++;
      if (!line.isBlank() && !line.startsWith("#")) {
        reading.add(line, number);
        groups++;
      }
    }
    if (groups == 0) {
      throw new Failure.BadInput(
          "tokenize.synonyms.file names '%s', which has no group of synonyms; write one into each"
              + " line, or leave the key empty",
          file);
    }
    return new SynonymList(Sha256.of(bytes), groups, reading.byWord());
  }

  private static String decoded(byte[] bytes, Reading reading) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(in).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      long before = IntStream.range(0, in.position()).filter(i -> bytes[i] == '\n').count();
      throw reading.bad((int) before + 1, "it is not UTF-8", "save the file in UTF-8");
    }
  }
}
