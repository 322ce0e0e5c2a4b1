package io.attune.pipeline.linear;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * Counts in how many texts each n-gram occurs.
 *
 * @param ngrams hashes, in any order
 * @param documents in which each occurs
 */
@SuppressWarnings("ArrayRecordComponent") // Millions of numbers; never compared.
record DocumentCounts(long[] ngrams, int[] documents) implements Serializable {
  private static final long serialVersionUID = 1;

  /**
   * Counts the texts of each n-gram on executors; one pass.
   *
   * @param least n-grams in fewer texts are left out
   */
  static DocumentCounts of(JavaRDD<CountedText> texts, int least) {
    int ranges = texts.getNumPartitions();
    List<DocumentCounts> parts =
        texts
            .mapPartitionsToPair(part -> byRange(part, ranges))
            .groupByKey(ranges)
            .map(range -> merge(range._2(), least))
            .collect();
    return concatenate(parts);
  }

  /** Counts a partition; the n-grams of a range go to one task. */
  private static Iterator<Tuple2<Integer, DocumentCounts>> byRange(
      Iterator<CountedText> texts, int ranges) {
    LongCounter[] counters = new LongCounter[ranges];
    for (int range = 0; range < ranges; range++) {
      counters[range] = new LongCounter();
    }
    while (texts.hasNext()) {
      for (long ngram : texts.next().ngrams()) {
        counters[(int) Math.floorMod(ngram, (long) ranges)].add(ngram, 1);
      }
    }
    List<Tuple2<Integer, DocumentCounts>> counts = new ArrayList<>();
    for (int range = 0; range < ranges; range++) {
      counts.add(new Tuple2<>(range, counters[range].atLeast(1)));
    }
    return counts.iterator();
  }

  private static DocumentCounts merge(Iterable<DocumentCounts> parts, int least) {
    LongCounter counter = new LongCounter();
    for (DocumentCounts part : parts) {
      for (int i = 0; i < part.ngrams.length; i++) {
        counter.add(part.ngrams[i], part.documents[i]);
      }
    }
    return counter.atLeast(least);
  }

  private static DocumentCounts concatenate(List<DocumentCounts> parts) {
    int size = Math.toIntExact(parts.stream().mapToLong(part -> part.ngrams.length).sum());
    long[] ngrams = new long[size];
    int[] documents = new int[size];
    int start = 0;
    for (DocumentCounts part : parts) {
      System.arraycopy(part.ngrams, 0, ngrams, start, part.ngrams.length);
      System.arraycopy(part.documents, 0, documents, start, part.documents.length);
      start += part.ngrams.length;
    }
    return new DocumentCounts(ngrams, documents);
  }
}
