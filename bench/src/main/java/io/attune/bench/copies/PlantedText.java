package io.attune.bench.copies;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Generates the texts of a corpus, each from its number alone. Every fifth is a copy of an earlier
 * one, edited; of the others every fourth is of Han characters. Words are as frequent as Zipf's law
 * says.
 *
 * @param seed of everything
 */
record PlantedText(long seed) implements Serializable {
  private static final List<Edit> EDITS = List.of(Edit.values());
  private static final int EVERY = 5;
  private static final int VOCABULARY = 30_000;
  private static final int HAN = 3_000;
  private static final int FIRST_HAN = 0x4E00;

  boolean isCopy(long number) {
    return number % EVERY == EVERY - 1;
  }

  Edit edit(long number) {
    return EDITS.get((int) (number / EVERY % EDITS.size()));
  }

  /** Returns the number of the text that a text is a copy of; its own for an original. */
  long original(long number) {
    if (!isCopy(number)) {
      return number;
    }
    long block = random(number, 1).nextLong(number / EVERY + 1);
    return block * EVERY + random(number, 2).nextInt(EVERY - 1);
  }

  private boolean isHan(long number) {
    return original(number) % 4 == 0;
  }

  /** Returns the words, or the characters, of a text. */
  List<String> units(long number) {
    long original = original(number);
    RandomGenerator random = random(original, 3);
    int length = 60 + random.nextInt(240);
    List<String> units = random(length, random, isHan(number));
    return isCopy(number) ? edit(number).of(units, this, random(number, 4)) : units;
  }

  /** Returns a text as it is written. */
  String text(long number) {
    return String.join(isHan(number) ? "" : " ", units(number));
  }

  /** Returns the words of a numbered notice. */
  List<String> words(long number, int length) {
    return random(length, random(number, 5));
  }

  /** Returns words that nothing else depends on. */
  List<String> random(int length, RandomGenerator random) {
    return random(length, random, false);
  }

  private List<String> random(int length, RandomGenerator random, boolean isHan) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      words.add(isHan ? han(random) : word(zipf(random, VOCABULARY)));
    }
    return words;
  }

  private static String han(RandomGenerator random) {
    return String.valueOf((char) (FIRST_HAN + zipf(random, HAN)));
  }

  /** Returns a rank below a bound with a probability of about one over the rank. */
  private static int zipf(RandomGenerator random, int bound) {
    return (int) Math.min(bound - 1, Math.floor(Math.pow(bound, random.nextDouble())) - 1);
  }

  /** Returns the word of a rank: its number in letters. */
  private static String word(int rank) {
    StringBuilder word = new StringBuilder("w");
    for (int rest = rank; rest > 0; rest /= 20) {
      word.append("bcdfghjklmnpqrstvxyz".charAt(rest % 20)).append("aeiou".charAt(rest % 5));
    }
    return word.toString();
  }

  /** Returns the Jaccard similarity of two texts by plain sets of shingles. */
  double similarity(long one, long other) {
    Set<List<String>> a = shingles(one);
    Set<List<String>> b = shingles(other);
    int sizes = a.size() + b.size();
    a.retainAll(b);
    return (double) a.size() / (sizes - a.size());
  }

  private Set<List<String>> shingles(long number) {
    List<String> units = units(number);
    int width = isHan(number) ? 4 : 3;
    Set<List<String>> shingles = new HashSet<>();
    for (int i = 0; i + width <= units.size(); i++) {
      shingles.add(List.copyOf(units.subList(i, i + width)));
    }
    return shingles;
  }

  private SplittableRandom random(long number, int what) {
    return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number * 31 + what);
  }
}
