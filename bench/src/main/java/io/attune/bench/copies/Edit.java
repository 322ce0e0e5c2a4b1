package io.attune.bench.copies;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Makes a copy of a text of words. */
enum Edit {
  /** Replaces one word in fifty. */
  SWAP {
    @Override
    List<String> of(List<String> words, PlantedText texts, RandomGenerator random) {
      return replaced(words, 0.02, texts, random);
    }
  },
  /** Leaves out the last tenth. */
  TRUNCATION {
    @Override
    List<String> of(List<String> words, PlantedText texts, RandomGenerator random) {
      return words.subList(0, words.size() - words.size() / 10);
    }
  },
  /** Puts one of ten notices of twelve words around it. */
  BOILERPLATE {
    @Override
    List<String> of(List<String> words, PlantedText texts, RandomGenerator random) {
      List<String> notice = texts.words(-1 - random.nextInt(10), 12);
      List<String> all = new ArrayList<>(notice.subList(0, 4));
      all.addAll(words);
      all.addAll(notice.subList(4, 12));
      return all;
    }
  },
  /** Adds a paragraph of a tenth of its length. */
  PARAGRAPH {
    @Override
    List<String> of(List<String> words, PlantedText texts, RandomGenerator random) {
      List<String> all = new ArrayList<>(words);
      int at = random.nextInt(words.size());
      all.addAll(at, texts.random(words.size() / 10, random));
      return all;
    }
  },
  /** Replaces every second word, as a journalist who writes the story anew may. */
  REWRITE {
    @Override
    List<String> of(List<String> words, PlantedText texts, RandomGenerator random) {
      return replaced(words, 0.5, texts, random);
    }
  };

  abstract List<String> of(List<String> words, PlantedText texts, RandomGenerator random);

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static List<String> replaced(
      List<String> words, double share, PlantedText texts, RandomGenerator random) {
    List<String> all = new ArrayList<>(words);
    for (int i = 0; i < all.size(); i++) {
      if (random.nextDouble() < share) {
        all.set(i, texts.random(1, random).get(0));
      }
    }
    return all;
  }
}
