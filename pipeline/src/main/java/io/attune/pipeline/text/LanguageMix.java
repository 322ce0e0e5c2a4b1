package io.attune.pipeline.text;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Counts the languages of texts, as far as an encoder must be chosen: a declared language counts as
 * it is; else the script tells Chinese, and the small words of all Latin texts together tell
 * English.
 */
public final class LanguageMix {
  /** Is the fraction of the texts that must be in a language to call it theirs. */
  private static final double MAIN = 0.9;

  /** Is the fraction of the words that small words make up at least, in headlines as well. */
  private static final double LEAST_SMALL_WORDS = 0.03;

  /** Weighs a Han character like the letters of an English word that say as much. */
  private static final int HAN_LETTERS = 4;

  private static final String CHINESE = "zh";
  private static final String LATIN = "latin";
  private static final String OTHER = "other";
  private static final Pattern NOT_LETTERS = Pattern.compile("[^\\p{L}]+");

  /** Lists frequent words by language that the other languages of the table do not have. */
  private static final Map<String, Set<String>> SMALL_WORDS =
      Map.of(
          "en",
          Set.of(
              "the", "of", "and", "to", "is", "for", "with", "that", "this", "are", "it", "you",
              "have", "has", "from", "by", "at", "not", "but", "its"),
          "de",
          Set.of(
              "der", "und", "ist", "das", "nicht", "mit", "ein", "eine", "auf", "sich", "dem",
              "auch", "wird", "sind", "im"),
          "fr",
          Set.of(
              "le", "les", "et", "est", "une", "dans", "pour", "pas", "sur", "qui", "plus", "avec",
              "ce", "au"),
          "es",
          Set.of("el", "los", "y", "las", "del", "por", "con", "muy", "pero", "más", "como", "una"),
          "it",
          Set.of("il", "di", "che", "è", "per", "non", "della", "sono", "gli", "nel", "anche"),
          "pt",
          Set.of("o", "não", "uma", "em", "os", "da", "do", "com", "mais", "muito", "foi", "são"),
          "nl",
          Set.of("het", "een", "van", "niet", "dat", "zijn", "voor", "ook", "naar", "deze"));

  private final Map<String, Integer> texts = new TreeMap<>();
  private final Map<String, Integer> smallWords = new HashMap<>();
  private int words;

  /**
   * Counts a text.
   *
   * @param language as declared, by BCP 47; null where nothing is
   * @param text a beginning of some hundred characters is enough
   */
  public void add(String language, String text) {
    if (language != null && !language.isBlank()) {
      count(language.strip().toLowerCase(Locale.ROOT).split("[-_]", 2)[0]);
      return;
    }
    String script = script(text);
    if (script.isEmpty()) {
      return; // no letters
    }
    count(script);
    if (script.equals(LATIN)) {
      for (String word : NOT_LETTERS.split(text.toLowerCase(Locale.ROOT), -1)) {
        words += word.isEmpty() ? 0 : 1;
        SMALL_WORDS.forEach(
            (name, small) -> {
              if (small.contains(word)) {
                smallWords.merge(name, 1, Integer::sum);
              }
            });
      }
    }
  }

  private void count(String language) {
    texts.merge(language, 1, Integer::sum);
  }

  /**
   * Returns the language of nearly all texts, by BCP 47; empty if they are mixed, none, or in a
   * language that is not known.
   */
  public Optional<String> main() {
    return main(shares(MAIN));
  }

  /** Returns the one of several languages that nearly all texts are in. */
  public static Optional<String> main(SortedMap<String, Double> shares) {
    return shares.entrySet().stream()
        .filter(language -> language.getValue() >= MAIN)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /**
   * Returns the languages that are known, by BCP 47, each with its fraction of the texts.
   *
   * @param least fraction of a language; those below are left out
   */
  public SortedMap<String, Double> shares(double least) {
    Map<String, Integer> named = new TreeMap<>(texts);
    Integer latin = named.remove(LATIN);
    if (latin != null) {
      named.merge(latinLanguage(), latin, Integer::sum);
    }
    int all = named.values().stream().mapToInt(Integer::intValue).sum();
    SortedMap<String, Double> shares = new TreeMap<>();
    named.forEach(
        (language, count) -> {
          if (count >= least * all && !language.equals(OTHER) && !language.equals("und")) {
            shares.put(language, (double) count / all);
          }
        });
    return shares;
  }

  private String latinLanguage() {
    return smallWords.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .filter(most -> most.getValue() >= LEAST_SMALL_WORDS * words)
        .map(Map.Entry::getKey)
        .orElse(OTHER);
  }

  /** Returns the script of a text; empty if it has no letters. */
  private static String script(String text) {
    int han = 0;
    int latin = 0;
    int other = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (Character.isLetter(point)) {
        switch (Character.UnicodeScript.of(point)) {
          case HAN -> han += HAN_LETTERS;
          case LATIN -> latin++;
          case COMMON, INHERITED -> {}
          default -> other++;
        }
      }
    }
    int letters = han + latin + other;
    if (letters == 0) {
      return "";
    }
    if (other * 10 > letters) {
      return OTHER; // Japanese too, by its kana
    }
    return 2 * han >= letters ? CHINESE : LATIN;
  }
}
