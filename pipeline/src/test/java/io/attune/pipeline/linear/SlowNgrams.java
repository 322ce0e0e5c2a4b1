package io.attune.pipeline.linear;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Computes n-grams as strings and vectors as maps, as the definitions say it: the oracle. */
final class SlowNgrams {
  private static final Pattern WORD =
      Pattern.compile("[a-z]+('[a-z]+)?|\\d+|\\S", Pattern.UNICODE_CHARACTER_CLASS);

  private SlowNgrams() {}

  /** Returns 1-2 grams of words. */
  static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
    while (matcher.find()) {
      words.add(matcher.group());
    }
    return ngrams(words, 2, " ", "word ");
  }

  /** Returns 1-3 grams of characters. */
  static List<String> characters(String text) {
    List<String> characters =
        text.toLowerCase(Locale.ROOT)
            .replaceAll("\\s+", " ")
            .codePoints()
            .mapToObj(Character::toString)
            .toList();
    return ngrams(characters, 3, "", "characters ");
  }

  private static List<String> ngrams(List<String> tokens, int longest, String gap, String prefix) {
    List<String> ngrams = new ArrayList<>();
    for (int size = 1; size <= longest; size++) {
      for (int start = 0; start + size <= tokens.size(); start++) {
        ngrams.add(prefix + String.join(gap, tokens.subList(start, start + size)));
      }
    }
    return ngrams;
  }

  /** Returns the TF-IDF vector of length 1 of each text, by n-gram. */
  static List<Map<String, Double>> vectors(List<List<String>> texts, int least) {
    Map<String, Integer> documents = new HashMap<>();
    texts.forEach(
        text -> text.stream().distinct().forEach(n -> documents.merge(n, 1, Integer::sum)));
    List<Map<String, Double>> vectors = new ArrayList<>();
    for (List<String> text : texts) {
      Map<String, Integer> counts = new HashMap<>();
      text.forEach(ngram -> counts.merge(ngram, 1, Integer::sum));
      Map<String, Double> vector = new HashMap<>();
      counts.forEach(
          (ngram, count) -> {
            if (documents.get(ngram) >= least) {
              double idf = 1 + Math.log((1.0 + texts.size()) / (1 + documents.get(ngram)));
              vector.put(ngram, (1 + Math.log(count)) * idf);
            }
          });
      double norm = Math.sqrt(vector.values().stream().mapToDouble(v -> v * v).sum());
      vector.replaceAll((ngram, value) -> value / norm);
      vectors.add(vector);
    }
    return vectors;
  }
}
