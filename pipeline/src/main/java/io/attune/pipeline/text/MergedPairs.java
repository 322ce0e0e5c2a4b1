package io.attune.pipeline.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Cuts words by byte-pair encoding over characters (Sennrich et al. 2016): merges neighbours by the
 * merge of the lowest rank, the leftmost first, until none applies. Characters that are not in the
 * vocabulary and stand side by side are one unknown token.
 */
final class MergedPairs implements WordModel {
  /** Limits a word: the time of merging grows with the square of its length. */
  private static final int LONGEST = 1_000;

  private static final int NO_MERGE = Integer.MAX_VALUE;

  private final LongMap idOfCharacter;
  private final LongMap rankOfPair;
  private final int[] idOfRank;
  private final int unknown;

  private MergedPairs(LongMap idOfCharacter, LongMap rankOfPair, int[] idOfRank, int unknown) {
    this.idOfCharacter = idOfCharacter;
    this.rankOfPair = rankOfPair;
    this.idOfRank = idOfRank;
    this.unknown = unknown;
  }

  /** Returns the model of a file; empty if it has parts that a trained tokenizer has not. */
  static Optional<WordModel> of(JsonNode model) {
    boolean usual =
        model.path("dropout").isNull()
            && model.path("continuing_subword_prefix").isNull()
            && model.path("end_of_word_suffix").isNull()
            && model.path("fuse_unk").asBoolean(false)
            && !model.path("byte_fallback").asBoolean(true)
            && !model.path("ignore_merges").asBoolean(true);
    Map<String, Integer> vocabulary = new HashMap<>();
    model
        .path("vocab")
        .fields()
        .forEachRemaining(token -> vocabulary.put(token.getKey(), token.getValue().asInt(-1)));
    Integer unknown = vocabulary.get(model.path("unk_token").asText());
    if (!usual || unknown == null) {
      return Optional.empty();
    }
    LongMap characters = new LongMap();
    for (Map.Entry<String, Integer> token : vocabulary.entrySet()) {
      if (token.getValue() < 0) {
        return Optional.empty();
      }
      if (token.getKey().codePointCount(0, token.getKey().length()) == 1) {
        characters.put(token.getKey().codePointAt(0), token.getValue());
      }
    }
    JsonNode merges = model.path("merges");
    LongMap ranks = new LongMap();
    int[] merged = new int[merges.size()];
    for (int rank = 0; rank < merged.length; rank++) {
      JsonNode merge = merges.get(rank); // a pair, or in older files one text
      Integer left = vocabulary.get(merge.path(0).asText());
      Integer right = vocabulary.get(merge.path(1).asText());
      Integer both = vocabulary.get(merge.path(0).asText() + merge.path(1).asText());
      if (merge.size() != 2 || left == null || right == null || both == null) {
        return Optional.empty();
      }
      ranks.put(pair(left, right), rank);
      merged[rank] = both;
    }
    return Optional.of(new MergedPairs(characters, ranks, merged, unknown));
  }

  @Override
  public int longest() {
    return LONGEST;
  }

  @Override
  public void append(int[] characters, int from, int to, IdList ids) {
    int[] tokens = new int[to - from];
    int size = 0;
    boolean afterUnknown = false;
    for (int i = from; i < to; i++) {
      int id = idOfCharacter.get(Characters.point(characters[i]));
      boolean isUnknown = id == LongMap.ABSENT;
      if (!isUnknown || !afterUnknown) {
        tokens[size++] = isUnknown ? unknown : id;
      }
      afterUnknown = isUnknown;
    }
    int merged = merge(tokens, size);
    for (int i = 0; i < merged; i++) {
      ids.add(tokens[i]);
    }
  }

  /** Merges the first {@code size} tokens in place; returns how many are left. */
  private int merge(int[] tokens, int size) {
    int[] ranks = new int[size]; // of each token with the next
    for (int i = 0; i + 1 < size; i++) {
      ranks[i] = rank(tokens[i], tokens[i + 1]);
    }
    int left = size;
    while (left > 1) {
      int at = 0;
      for (int i = 1; i + 1 < left; i++) {
        if (ranks[i] < ranks[at]) {
          at = i;
        }
      }
      if (ranks[at] == NO_MERGE) {
        break;
      }
      tokens[at] = idOfRank[ranks[at]];
      System.arraycopy(tokens, at + 2, tokens, at + 1, left - at - 2);
      System.arraycopy(ranks, at + 1, ranks, at, left - at - 1);
      left--;
      if (at + 1 < left) {
        ranks[at] = rank(tokens[at], tokens[at + 1]);
      }
      if (at > 0) {
        ranks[at - 1] = rank(tokens[at - 1], tokens[at]);
      }
    }
    return left;
  }

  private int rank(int left, int right) {
    int rank = rankOfPair.get(pair(left, right));
    return rank == LongMap.ABSENT ? NO_MERGE : rank;
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }
}
