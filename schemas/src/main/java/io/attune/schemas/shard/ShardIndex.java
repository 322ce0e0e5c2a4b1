package io.attune.schemas.shard;

import io.attune.schemas.table.Split;
import java.util.List;
import java.util.Map;

/**
 * Describes the shards of a dataset, so that a training plan need not read the data: {@code
 * index.json}.
 *
 * @param version of this format
 * @param tokenizer SHA-256 of the dataset's {@code tokenizer.json}
 * @param vocabulary number of token ids; every id is below it
 * @param maxTokens the longest row
 * @param documents snapshot of the table of clean documents that the rows came from
 * @param labelCounts documents by split, head and class
 * @param texts documents by split where a document may be several rows; null where each is one
 */
public record ShardIndex(
    int version,
    String tokenizer,
    int vocabulary,
    int maxTokens,
    long documents,
    List<Shard> shards,
    Map<String, Map<String, Map<String, Long>>> labelCounts,
    Map<String, Long> texts) {
  public static final String FILE_NAME = "index.json";
  public static final int VERSION = 1;

  /**
   * Describes one Parquet file; its rows are in their shuffled order.
   *
   * @param file relative to the dataset
   * @param tokens sum of the rows' lengths
   * @param lengths histogram: rows of at most 16, 32, 64, ... tokens, by that bound
   */
  public record Shard(
      String file,
      Split split,
      int rows,
      long tokens,
      Map<Integer, Long> lengths,
      long bytes,
      String sha256) {
    public Shard {
      lengths = Map.copyOf(lengths);
    }
  }

  public ShardIndex {
    shards = List.copyOf(shards);
    labelCounts = Map.copyOf(labelCounts);
    texts = texts == null ? null : Map.copyOf(texts);
  }

  /** Makes an index of rows that are documents. */
  public ShardIndex(
      int version,
      String tokenizer,
      int vocabulary,
      int maxTokens,
      long documents,
      List<Shard> shards,
      Map<String, Map<String, Map<String, Long>>> labelCounts) {
    this(version, tokenizer, vocabulary, maxTokens, documents, shards, labelCounts, null);
  }

  /** Returns whether a document may be several rows. */
  public boolean hasWindows() {
    return texts != null;
  }

  /** Returns the shards of a split. */
  public List<Shard> of(Split split) {
    return shards.stream().filter(shard -> shard.split() == split).toList();
  }

  /** Returns the number of rows of a split. */
  public long rows(Split split) {
    return of(split).stream().mapToLong(Shard::rows).sum();
  }

  /** Returns the number of documents of a split. */
  public long texts(Split split) {
    return hasWindows() ? texts.getOrDefault(split.word(), 0L) : rows(split);
  }

  /** Returns the number of tokens of a split. */
  public long tokens(Split split) {
    return of(split).stream().mapToLong(Shard::tokens).sum();
  }
}
