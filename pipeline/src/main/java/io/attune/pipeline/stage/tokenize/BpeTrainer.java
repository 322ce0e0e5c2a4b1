package io.attune.pipeline.stage.tokenize;

import io.attune.pipeline.stage.tokenize.BpeModel.Merge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Learns a byte-pair encoding from word counts (Sennrich et al. 2016, section 3.2): merges the most
 * frequent pair of neighbouring tokens again and again. Counts are kept incrementally, so a merge
 * costs as much as the words that it changes. Equal counts are decided by token ids, so the same
 * counts give the same model, whatever the order of the words.
 *
 * <p>After each merge every word is cut exactly as the runtime would cut it with the merges so far:
 * always the merge of the lowest rank, the leftmost first.
 */
final class BpeTrainer {
  private static final int UNKNOWN = -1;

  private final TokenizeConfig config;
  private final List<String> tokens = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<Merge> merges = new ArrayList<>();
  private final Map<Long, Integer> ranks = new HashMap<>();
  private final int[] lengths; // of tokens
  private final int[] ofPoint = new int[Character.MAX_CODE_POINT + 1]; // ids of characters
  private final PairCounts pairs = new PairCounts(this::holds);
  private TokenizedWords words;
  private int[] changed = new int[WordCounts.LONGEST_WORD]; // the word that is replaced

  private BpeTrainer(TokenizeConfig config) {
    this.config = config;
    lengths = new int[config.vocabulary() + 1];
  }

  /** Learns from words and their occurrences. */
  static BpeModel train(WordTable wordCounts, TokenizeConfig config) {
    BpeTrainer trainer = new BpeTrainer(config);
    trainer.learnCharacters(wordCounts);
    trainer.readWords(wordCounts);
    trainer.learnMerges();
    return new BpeModel(trainer.tokens, trainer.merges);
  }

  /** Chooses the characters of the vocabulary, the most frequent first: at most half of it. */
  private void learnCharacters(WordTable wordCounts) {
    addToken(BpeModel.PAD);
    addToken(BpeModel.UNKNOWN);
    long[] counts = new long[Character.MAX_CODE_POINT + 1];
    wordCounts.forEach(
        (points, length, count) -> {
          for (int i = 0; i < length; i++) {
            counts[points[i]] += count;
          }
        });
    Arrays.fill(ofPoint, UNKNOWN);
    IntStream.range(0, counts.length)
        .filter(point -> counts[point] > 0 && counts[point] >= config.minFrequency())
        .boxed()
        .sorted(
            (one, other) -> {
              int byCount = Long.compare(counts[other], counts[one]);
              return byCount != 0 ? byCount : Integer.compare(one, other);
            })
        .limit(config.vocabulary() / 2)
        .forEach(
            point -> {
              addToken(Character.toString(point));
              ofPoint[point] = tokens.size() - 1;
            });
  }

  /**
   * Reads words as their characters; an unknown one divides a word, as it does when texts are read.
   */
  private void readWords(WordTable wordCounts) {
    long[] sizes = new long[2];
    forEachRun(
        wordCounts,
        (run, length, count) -> {
          sizes[0]++;
          sizes[1] += length;
          for (int i = 0; i + 1 < length; i++) {
            if (mayMerge(run[i], run[i + 1])) {
              pairs.expect(PairCounts.pair(run[i], run[i + 1]));
            }
          }
        });
    pairs.allocate();
    words = new TokenizedWords(Math.toIntExact(sizes[0]), Math.toIntExact(sizes[1]));
    forEachRun(
        wordCounts,
        (run, length, count) -> {
          int word = words.add(run, length, count);
          for (int i = 0; i + 1 < length; i++) {
            if (mayMerge(run[i], run[i + 1])) {
              pairs.add(PairCounts.pair(run[i], run[i + 1]), count, word);
            }
          }
        });
  }

  /** Visits each run of at least two known characters, as token ids. */
  private void forEachRun(WordTable wordCounts, WordTable.Visitor visitor) {
    int[][] run = {new int[WordCounts.LONGEST_WORD]};
    wordCounts.forEach(
        (points, length, count) -> {
          if (length > run[0].length) {
            run[0] = new int[length];
          }
          int size = 0;
          for (int i = 0; i <= length; i++) {
            int id = i == length ? UNKNOWN : ofPoint[points[i]];
            if (id != UNKNOWN) {
              run[0][size++] = id;
              continue;
            }
            if (size > 1) {
              visitor.visit(run[0], size, count);
            }
            size = 0;
          }
        });
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
        replace(word, isNew ? mergeOnce(word, pair, tokens.size() - 1) : merge(word));
      }
    }
  }

  /**
   * Replaces the tokens of one word by those in {@link #changed}, and updates the counts of its
   * pairs.
   */
  private void replace(int word, int size) {
    int before = words.size(word);
    if (size == before) {
      return;
    }
    // Only pairs between the tokens that both begin with and those that both end with may differ.
    int first = Math.max(0, words.commonPrefix(word, changed, size) - 1);
    int suffix = words.commonSuffix(word, changed, size);
    long count = words.count(word);
    // Add before subtracting: a pair that stays must not reach 0 and lose its words.
    for (int i = first; i + 1 < size && i < size - suffix; i++) {
      if (mayMerge(changed[i], changed[i + 1])) {
        pairs.add(PairCounts.pair(changed[i], changed[i + 1]), count, word);
      }
    }
    for (int i = first; i + 1 < before && i < before - suffix; i++) {
      int left = words.token(word, i);
      int right = words.token(word, i + 1);
      if (mayMerge(left, right)) {
        pairs.subtract(PairCounts.pair(left, right), count);
      }
    }
    words.set(word, changed, size);
  }

  private boolean holds(int word, long pair) {
    for (int i = 0; i + 1 < words.size(word); i++) {
      if (PairCounts.pair(words.token(word, i), words.token(word, i + 1)) == pair) {
        return true;
      }
    }
    return false;
  }

  /** Makes {@link #changed} the word after one merge, from left to right; returns its size. */
  private int mergeOnce(int word, long pair, int token) {
    int before = copy(word);
    int size = 0;
    for (int i = 0; i < before; i++) {
      boolean found = i + 1 < before && PairCounts.pair(changed[i], changed[i + 1]) == pair;
      changed[size++] = found ? token : changed[i];
      i += found ? 1 : 0;
    }
    return size;
  }

  /**
   * Makes {@link #changed} the word after every merge that applies, lowest rank first, leftmost
   * first; returns its size.
   */
  private int merge(int word) {
    int size = copy(word);
    while (true) {
      int lowest = Integer.MAX_VALUE;
      int at = -1;
      for (int i = 0; i + 1 < size; i++) {
        int rank = ranks.getOrDefault(PairCounts.pair(changed[i], changed[i + 1]), lowest);
        if (rank < lowest) {
          lowest = rank;
          at = i;
        }
      }
      if (at < 0) {
        return size;
      }
      changed[at] = ids.get(textOf(PairCounts.pair(changed[at], changed[at + 1])));
      System.arraycopy(changed, at + 2, changed, at + 1, size - at - 2);
      size--;
    }
  }

  private int copy(int word) {
    int size = words.size(word);
    if (size > changed.length) {
      changed = new int[size];
    }
    words.copy(word, changed);
    return size;
  }

  private boolean mayMerge(int left, int right) {
    return lengths[left] + lengths[right] <= config.maxTokenCharacters();
  }

  private String textOf(long pair) {
    return tokens.get(PairCounts.left(pair)) + tokens.get(PairCounts.right(pair));
  }

  /** Returns whether the text is a new token: two merges may make the same text. */
  private boolean addToken(String text) {
    boolean isNew = ids.putIfAbsent(text, tokens.size()) == null;
    if (isNew) {
      lengths[tokens.size()] = lengthOf(text);
      tokens.add(text);
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
