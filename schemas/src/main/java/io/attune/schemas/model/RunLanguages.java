package io.attune.schemas.model;

import static io.attune.schemas.Requirements.require;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Records the languages of one run's texts, where they are several: {@value #FILE_NAME} beside the
 * run's tokenizer and in its dataset; absent where nearly all texts are in one language, and where
 * nothing asked for it.
 *
 * @param shares fraction of a sample of the train split by language, by BCP 47, as far as it is
 *     known; each is at least {@link #LEAST}
 */
public record RunLanguages(SortedMap<String, Double> shares) {
  public static final String FILE_NAME = "languages.json";

  /** Is the fraction of the texts from which a language counts as one of a run's. */
  public static final double LEAST = 0.1;

  public RunLanguages {
    require(shares.size() > 1, "languages are several, got %s", shares);
    shares = Collections.unmodifiableSortedMap(new TreeMap<>(shares));
  }

  /** Returns the languages, the most frequent first. */
  public List<String> names() {
    return shares.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Returns the languages with their shares, such as {@code en 55 %, zh 45 %}. */
  public String describe() {
    return names().stream()
        .map(name -> String.format(Locale.ROOT, "%s %.0f %%", name, 100 * shares.get(name)))
        .collect(Collectors.joining(", "));
  }
}
