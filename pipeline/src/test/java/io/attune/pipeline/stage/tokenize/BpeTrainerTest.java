package io.attune.pipeline.stage.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.text.SubwordTokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BpeTrainerTest {
  /**
   * Trains as in the textbook: counts all pairs of all words again for every merge, and splits
   * words from scratch.
   */
  private static BpeModel slowTwin(SortedMap<String, Long> words, TokenizeConfig config) {
    BpeModel characters =
        BpeTrainer.train(
            WordTable.of(words),
            new TokenizeConfig(config.vocabulary(), 8, true, config.minFrequency(), 1));
    List<String> tokens = new ArrayList<>(characters.tokens());
    List<BpeModel.Merge> merges = new ArrayList<>();
    while (tokens.size() < config.vocabulary()) {
      Map<BpeModel.Merge, Long> counts = new HashMap<>();
      for (Map.Entry<String, Long> word : words.entrySet()) {
        List<Integer> cut = cut(word.getKey(), new BpeModel(tokens, merges));
        for (int i = 0; i + 1 < cut.size(); i++) {
          BpeModel.Merge pair = new BpeModel.Merge(cut.get(i), cut.get(i + 1));
          if (pair.left() != BpeModel.UNKNOWN_ID
              && pair.right() != BpeModel.UNKNOWN_ID
              && BpeTrainer.lengthOf(text(pair, tokens)) <= config.maxTokenCharacters()) {
            counts.merge(pair, word.getValue(), Long::sum);
          }
        }
      }
      BpeModel.Merge best = null;
      for (Map.Entry<BpeModel.Merge, Long> pair : counts.entrySet()) {
        if (pair.getValue() >= config.minFrequency()
            && (best == null || better(pair.getKey(), best, counts))) {
          best = pair.getKey();
        }
      }
      if (best == null) {
        break;
      }
      merges.add(best);
      if (!tokens.contains(text(best, tokens))) {
        tokens.add(text(best, tokens));
      }
    }
    return new BpeModel(tokens, merges);
  }

  private static boolean better(
      BpeModel.Merge pair, BpeModel.Merge best, Map<BpeModel.Merge, Long> counts) {
    int byCount = Long.compare(counts.get(pair), counts.get(best));
    return byCount != 0
        ? byCount > 0
        : PairCounts.pair(pair.left(), pair.right()) < PairCounts.pair(best.left(), best.right());
  }

  private static String text(BpeModel.Merge pair, List<String> tokens) {
    return tokens.get(pair.left()) + tokens.get(pair.right());
  }

  /**
   * Returns the token ids of one word; applies the merge of the lowest rank first, the leftmost
   * first.
   */
  private static List<Integer> cut(String word, BpeModel model) {
    List<Integer> ids = new ArrayList<>();
    word.codePoints()
        .forEach(
            point -> {
              int id = model.tokens().indexOf(Character.toString(point));
              boolean fused =
                  id < 0 && !ids.isEmpty() && ids.get(ids.size() - 1) == BpeModel.UNKNOWN_ID;
              if (!fused) {
                ids.add(id < 0 ? BpeModel.UNKNOWN_ID : id);
              }
            });
    while (true) {
      int lowest = Integer.MAX_VALUE;
      int at = -1;
      for (int i = 0; i + 1 < ids.size(); i++) {
        int rank = model.merges().indexOf(new BpeModel.Merge(ids.get(i), ids.get(i + 1)));
        if (rank >= 0 && rank < lowest) {
          lowest = rank;
          at = i;
        }
      }
      if (at < 0) {
        return ids;
      }
      String merged = model.tokens().get(ids.get(at)) + model.tokens().get(ids.remove(at + 1));
      ids.set(at, model.tokens().indexOf(merged));
    }
  }

  @Provide
  Arbitrary<Map<String, Long>> words() {
    return Arbitraries.maps(
            Arbitraries.strings().withChars("abc好很").ofMinLength(1).ofMaxLength(12),
            Arbitraries.longs().between(1, 9))
        .ofMaxSize(30);
  }

  @Property(tries = 150, seed = "2026")
  void learnsWhatCountingAnewForEveryMergeLearns(
      @ForAll("words") Map<String, Long> words,
      @ForAll @IntRange(min = 16, max = 60) int vocabulary,
      @ForAll @IntRange(min = 1, max = 4) int minFrequency) {
    TokenizeConfig config = new TokenizeConfig(vocabulary, 8, true, minFrequency, 12);
    SortedMap<String, Long> sorted = new TreeMap<>(words);

    BpeModel model = BpeTrainer.train(WordTable.of(sorted), config);

    assertThat(model).isEqualTo(slowTwin(sorted, config));
    assertThat(model.tokens()).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(vocabulary);
    assertThat(model.tokens().subList(2, model.tokens().size()))
        .allMatch(token -> BpeTrainer.lengthOf(token) <= 12);
  }

  @Test
  void learnsTheSameFromManyWordsInAnyOrder() {
    Random random = new Random(7);
    SortedMap<String, Long> words = new TreeMap<>();
    while (words.size() < 700) { // so many that lists of words are cleaned in between
      StringBuilder word = new StringBuilder();
      for (int part = random.nextInt(5); part >= 0; part--) {
        word.append(List.of("an", "na", "ban", "a", "b", "tic", "ti").get(random.nextInt(7)));
      }
      words.put(word.toString(), 1L + random.nextInt(20));
    }
    TokenizeConfig config = new TokenizeConfig(120, 8, true, 2, 12);
    Map<String, Long> shuffled = new LinkedHashMap<>();
    List<String> order = new ArrayList<>(words.keySet());
    Collections.shuffle(order, random);
    order.forEach(word -> shuffled.put(word, words.get(word)));

    BpeModel model = BpeTrainer.train(WordTable.of(words), config);

    assertThat(model).isEqualTo(slowTwin(words, config));
    assertThat(BpeTrainer.train(WordTable.of(shuffled), config)).isEqualTo(model);
  }

  @Test
  void learnsTheSameFromThousandsOfPairs() {
    Random random = new Random(8);
    SortedMap<String, Long> words = new TreeMap<>();
    while (words.size() < 4_000) {
      StringBuilder word = new StringBuilder();
      for (int letter = 1 + random.nextInt(4); letter >= 0; letter--) {
        word.appendCodePoint(0x4E00 + Math.min(random.nextInt(80), random.nextInt(80)));
      }
      words.put(word.toString(), 1L + random.nextInt(20));
    }
    TokenizeConfig config = new TokenizeConfig(260, 8, true, 2, 16);

    BpeModel model = BpeTrainer.train(WordTable.of(words), config);

    assertThat(model.tokens()).hasSize(260);
    assertThat(model).isEqualTo(slowTwin(words, config));
  }

  @Property(tries = 100, seed = "2026")
  void theRuntimeCutsWordsAsTheTrainerExpects(
      @ForAll("words") Map<String, Long> words, @ForAll("words") Map<String, Long> others) {
    TokenizeConfig config = new TokenizeConfig(60, 8, true, 2, 12);
    BpeModel model = BpeTrainer.train(WordTable.of(new TreeMap<>(words)), config);
    try (SubwordTokenizer runtime = SubwordTokenizer.of(TokenizerJson.of(model, true))) {
      for (String word : others.keySet()) {
        List<Integer> expected = new ArrayList<>();
        for (String part : word.split("(?<=[a-c])(?=[好很])|(?<=[好很])(?=[a-c])", -1)) {
          expected.addAll(cut(part, model));
        }
        assertThat(runtime.encode(word, 1000).ids())
            .containsExactly(expected.stream().mapToInt(Integer::intValue).toArray());
      }
    }
  }

  @Test
  void mergesTheMostFrequentPairFirstAndStopsAtTheLeastFrequency() {
    SortedMap<String, Long> words = new TreeMap<>(Map.of("low", 5L, "lower", 2L, "x", 1L));

    BpeModel model = BpeTrainer.train(WordTable.of(words), new TokenizeConfig(100, 8, true, 2, 16));

    assertThat(model.tokens())
        .containsExactly("[PAD]", "[UNK]", "l", "o", "w", "e", "r", "lo", "low", "er", "lower");
  }

  @Test
  void aHanCharacterCountsForFourInTheLengthOfAToken() {
    SortedMap<String, Long> words = new TreeMap<>(Map.of("手机手机手机", 5L, "abcdefgh", 5L));

    BpeModel model = BpeTrainer.train(WordTable.of(words), new TokenizeConfig(100, 8, true, 2, 8));

    assertThat(model.tokens()).contains("手机", "abcdefgh").doesNotContain("手机手机", "手机手");
  }

  @Test
  void rareCharactersAreUnknownAndNeverPartOfAToken() {
    SortedMap<String, Long> words = new TreeMap<>(Map.of("a龘b", 1L, "ab", 3L, "龘", 1L));

    BpeModel model = BpeTrainer.train(WordTable.of(words), new TokenizeConfig(100, 8, true, 3, 16));

    assertThat(model.tokens()).containsExactly("[PAD]", "[UNK]", "a", "b", "ab");
    try (SubwordTokenizer runtime = SubwordTokenizer.of(TokenizerJson.of(model, true))) {
      assertThat(runtime.encode("ab a龘 龘龘", 10).ids()).containsExactly(4, 2, 1, 1);
    }
  }

  @Test
  void theFileIsTheSameForTheSameWords() {
    SortedMap<String, Long> words = new TreeMap<>();
    for (int i = 0; i < 500; i++) {
      words.put(Integer.toString(i * 7919, 36), (long) (i % 5 + 1));
    }
    TokenizeConfig config = new TokenizeConfig(300, 8, true, 2, 16);

    byte[] one = TokenizerJson.of(BpeTrainer.train(WordTable.of(words), config), true);
    byte[] two =
        TokenizerJson.of(BpeTrainer.train(WordTable.of(new TreeMap<>(words)), config), true);

    assertThat(new String(one, StandardCharsets.UTF_8))
        .isEqualTo(new String(two, StandardCharsets.UTF_8));
  }
}
