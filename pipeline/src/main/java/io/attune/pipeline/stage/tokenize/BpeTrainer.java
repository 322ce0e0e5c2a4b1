package io.attune.pipeline.stage.tokenize;

import io.attune.pipeline.stage.tokenize.BpeModel.Merge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Learns a byte-pair encoding from word counts (Sennrich et al. 2016, section 3.2): merges the most
 * frequent pair of neighbouring tokens again and again. Counts are kept incrementally, so a merge
 * costs as much as the words that it changes. Equal counts are decided by token ids, so the same
 * counts give the same model.
 *
 * <p>After each merge every word is cut exactly as the runtime would cut it with the merges so far:
 * always the merge of the lowest rank, the leftmost first.
 */
final class BpeTrainer {
  private final TokenizeConfig config;
  private final List<String> tokens = new ArrayList<>();
  private final List<Integer> lengths = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<Merge> merges = new ArrayList<>();
  private final Map<Long, Integer> ranks = new HashMap<>();
  private final List<int[]> words = new ArrayList<>();
  private final List<Long> counts = new ArrayList<>();
  private final PairCounts pairs = new PairCounts();

  private BpeTrainer(TokenizeConfig config) {
    this.config = config;
  }

  /**
   * Learns from words in their order.
   *
   * @param wordCounts occurrences by word
   */
  static BpeModel train(SortedMap<String, Long> wordCounts, TokenizeConfig config) {
    BpeTrainer trainer = new BpeTrainer(config);
    trainer.learnCharacters(wordCounts);
    wordCounts.forEach(trainer::addWord);
    trainer.learnMerges();
    return new BpeModel(trainer.tokens, trainer.merges);
  }

  /** Chooses the characters of the vocabulary, the most frequent first: at most half of it. */
  private void learnCharacters(SortedMap<String, Long> wordCounts) {
    addToken(BpeModel.PAD);
    addToken(BpeModel.UNKNOWN);
    Map<Integer, Long> characters = new TreeMap<>();
    wordCounts.forEach(
        (word, count) ->
            word.codePoints().forEach(point -> characters.merge(point, count, Long::sum)));
    characters.entrySet().stream()
        .filter(character -> character.getValue() >= config.minFrequency())
        .sorted(
            Map.Entry.<Integer, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(config.vocabulary() / 2)
        .forEach(character -> addToken(Character.toString(character.getKey())));
  }

  /** Adds a word as its characters; an unknown one divides it, as it does when texts are read. */
  private void addWord(String word, long count) {
    List<Integer> run = new ArrayList<>();
    word.codePoints()
        .forEach(
            point -> {
              Integer id = ids.get(Character.toString(point));
              if (id == null) {
                addRun(run, count);
                run.clear();
              } else {
                run.add(id);
              }
            });
    addRun(run, count);
  }

  private void addRun(List<Integer> run, long count) {
    if (run.size() < 2) {
      return;
    }
    int[] word = run.stream().mapToInt(Integer::intValue).toArray();
    int index = words.size();
    words.add(word);
    counts.add(count);
    for (int i = 0; i + 1 < word.length; i++) {
      if (mayMerge(word[i], word[i + 1])) {
        pairs.add(PairCounts.pair(word[i], word[i + 1]), count, index);
      }
    }
  }

  private void learnMerges() {
    while (tokens.size() < config.vocabulary()) {
      long pair = pairs.mostFrequent(config.minFrequency());
      if (pair == PairCounts.NONE) {
        return;
      }
      ranks.put(pair, merges.size());
      merges.add(new Merge(PairCounts.left(pair), PairCounts.right(pair)));
      boolean isNew = addToken(textOf(pair));
      for (int word : pairs.wordsWith(pair)) {
        // No earlier merge contains a new token, so only this merge has to be applied.
        int[] before = words.get(word);
        replace(word, isNew ? mergedOnce(before, pair, tokens.size() - 1) : merged(before));
      }
    }
  }

  /** Replaces the tokens of one word and updates the counts of its pairs. */
  private void replace(int index, int[] after) {
    int[] before = words.get(index);
    if (after.length == before.length) {
      return;
    }
    // Only pairs between the tokens that both begin with and those that both end with may differ.
    int first = Math.max(0, commonPrefix(before, after) - 1);
    int suffix = commonSuffix(before, after);
    long count = counts.get(index);
    // Add before subtracting: a pair that stays must not reach 0 and lose its words.
    for (int i = first; i + 1 < after.length && i < after.length - suffix; i++) {
      if (mayMerge(after[i], after[i + 1])) {
        pairs.add(PairCounts.pair(after[i], after[i + 1]), count, index);
      }
    }
    for (int i = first; i + 1 < before.length && i < before.length - suffix; i++) {
      if (mayMerge(before[i], before[i + 1])) {
        pairs.subtract(PairCounts.pair(before[i], before[i + 1]), count);
      }
    }
    words.set(index, after);
  }

  private static int commonPrefix(int[] before, int[] after) {
    int mismatch = Arrays.mismatch(before, after);
    return mismatch < 0 ? before.length : mismatch;
  }

  private static int commonSuffix(int[] before, int[] after) {
    int common = 0;
    while (common < after.length
        && before[before.length - 1 - common] == after[after.length - 1 - common]) {
      common++;
    }
    return common;
  }

  /** Returns the word after one merge, from left to right. */
  private static int[] mergedOnce(int[] word, long pair, int token) {
    int[] merged = new int[word.length];
    int size = 0;
    for (int i = 0; i < word.length; i++) {
      boolean found = i + 1 < word.length && PairCounts.pair(word[i], word[i + 1]) == pair;
      merged[size++] = found ? token : word[i];
      i += found ? 1 : 0;
    }
    return size == word.length ? word : Arrays.copyOf(merged, size);
  }

  /** Returns the word after every merge that applies, lowest rank first, leftmost first. */
  private int[] merged(int[] word) {
    int[] current = word.clone();
    int size = current.length;
    while (true) {
      int lowest = Integer.MAX_VALUE;
      int at = -1;
      for (int i = 0; i + 1 < size; i++) {
        int rank = ranks.getOrDefault(PairCounts.pair(current[i], current[i + 1]), lowest);
        if (rank < lowest) {
          lowest = rank;
          at = i;
        }
      }
      if (at < 0) {
        return Arrays.copyOf(current, size);
      }
      current[at] = ids.get(textOf(PairCounts.pair(current[at], current[at + 1])));
      System.arraycopy(current, at + 2, current, at + 1, size - at - 2);
      size--;
    }
  }

  private boolean mayMerge(int left, int right) {
    return lengths.get(left) + lengths.get(right) <= config.maxTokenCharacters();
  }

  private String textOf(long pair) {
    return tokens.get(PairCounts.left(pair)) + tokens.get(PairCounts.right(pair));
  }

  /** Returns whether the text is a new token: two merges may make the same text. */
  private boolean addToken(String text) {
    boolean isNew = ids.putIfAbsent(text, tokens.size()) == null;
    if (isNew) {
      tokens.add(text);
      lengths.add(lengthOf(text));
    }
    return isNew;
  }

  /**
   * Returns the length in characters, with {@link TokenizeConfig#HAN_CHARACTERS} for a Han
   * character.
   */
  static int lengthOf(String text) {
    return text.codePoints()
        .map(
            point ->
                Character.UnicodeScript.of(point) == Character.UnicodeScript.HAN
                    ? TokenizeConfig.HAN_CHARACTERS
                    : 1)
        .sum();
  }
}
