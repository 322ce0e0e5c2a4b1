package io.attune.pipeline.stage.tokenize;

import io.attune.pipeline.stage.tokenize.TokenizeConfig.SynonymCopies;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.RunSynonyms;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * Makes copies of texts with words replaced by synonyms, from a list that the task brings along.
 *
 * <p>Words are found in the text as it is written, before it becomes tokens, whose ids do not say
 * where a word begins. Case does not matter, and a synonym begins with a capital if the word did.
 * Of several words of the list that start at the same place, the longest counts. A word whose first
 * or last character is a letter, mark or digit is not found where another of these stands beside
 * it: {@code art} is not found in {@code start}. Han characters do not count as letters here, since
 * Chinese is written without spaces: a word of them is found wherever its characters stand.
 *
 * @param list null for no copies
 */
record Synonyms(SynonymCopies config, SynonymList list, Map<Character, Integer> longest)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Makes no copies. */
  static final Synonyms NONE = new Synonyms(SynonymCopies.NONE, null, Map.of());

  /** Names the hash of the list among the inputs of the published tokenizer. */
  static final String INPUT = "tokenizer/synonyms";

  /**
   * Holds a copy of a text.
   *
   * @param replaced words, at least one
   */
  record Copy(String text, int replaced) {}

  static TaskFile file(String path) {
    return new TaskFile("tokenize.synonyms.file", path, "for no synonyms");
  }

  /**
   * Reads the list, if the configuration asks for copies.
   *
   * @throws Failure.BadInput if it is not there or not a list of synonyms, naming the line
   */
  static Synonyms of(SynonymCopies config, Configuration files) {
    if (!config.areWanted()) {
      return NONE;
    }
    return of(config, SynonymList.read(file(config.file()).read(files), config.file()));
  }

  static Synonyms of(SynonymCopies config, SynonymList list) {
    Map<Character, Integer> longest = new HashMap<>();
    for (String word : list.byWord().keySet()) {
      longest.merge(word.charAt(0), word.length(), Math::max);
    }
    return new Synonyms(config, list, longest);
  }

  boolean isNone() {
    return list == null;
  }

  /** Describes the copies that were made. */
  RunSynonyms record(long copies, long replaced) {
    return new RunSynonyms(
        list.sha256(), list.groups(), config.share(), config.copies(), copies, replaced);
  }

  /**
   * Returns the copies of a text that differ from it and from each other; the same for the same
   * document, text and seed.
   *
   * @param id of the document
   */
  List<Copy> copies(String id, String text) {
    if (isNone()) {
      return List.of();
    }
    return IntStream.range(0, config.copies())
        .mapToObj(number -> copy(text, random(id, number)))
        .filter(copy -> copy.replaced() > 0)
        .distinct()
        .toList();
  }

  private SplittableRandom random(String id, int number) {
    return new SplittableRandom(((config.seed() * 31 + number) << Integer.SIZE) ^ id.hashCode());
  }

  private Copy copy(String text, SplittableRandom random) {
    StringBuilder copy = new StringBuilder(text.length());
    int replaced = 0;
    for (int at = 0; at < text.length(); ) {
      int end = wordEnd(text, at);
      if (end == at) {
        copy.append(text.charAt(at++));
        continue;
      }
      String word = text.substring(at, end);
      if (random.nextDouble() < config.share()) {
        copy.append(likeCase(synonym(word, random), word));
        replaced++;
      } else {
        copy.append(word);
      }
      at = end;
    }
    return new Copy(copy.toString(), replaced);
  }

  private String synonym(String word, SplittableRandom random) {
    List<String> group = list.byWord().get(word.toLowerCase(Locale.ROOT));
    String chosen = group.get(random.nextInt(group.size() - 1));
    return chosen.equalsIgnoreCase(word) ? group.get(group.size() - 1) : chosen;
  }

  /** Returns the end of the longest word of the list that starts at a place; the place if none. */
  private int wordEnd(String text, int at) {
    int most = longest.getOrDefault(Character.toLowerCase(text.charAt(at)), 0);
    if (most > 0 && isEdge(text, at)) {
      for (int end = Math.min(at + most, text.length()); end > at; end--) {
        if (isEdge(text, end)
            && list.byWord().containsKey(text.substring(at, end).toLowerCase(Locale.ROOT))) {
          return end;
        }
      }
    }
    return at;
  }

  /** Returns whether a word may begin or end at a place. */
  private static boolean isEdge(String text, int at) {
    return at == 0
        || at == text.length()
        || !isWithinWord(text.codePointBefore(at))
        || !isWithinWord(text.codePointAt(at));
  }

  private static boolean isWithinWord(int point) {
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> true;
      default -> Character.isLetterOrDigit(point) && !Character.isIdeographic(point);
    };
  }

  private static String likeCase(String synonym, String word) {
    if (!Character.isUpperCase(word.codePointAt(0))) {
      return synonym;
    }
    int first = synonym.codePointAt(0);
    return Character.toString(Character.toUpperCase(first))
        + synonym.substring(Character.charCount(first));
  }
}
