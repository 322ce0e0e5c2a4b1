package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import io.attune.pipeline.storage.Scratch;
import io.attune.schemas.table.Signatures;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.sketch.BloomFilter;
import org.apache.spark.util.sketch.IncompatibleMergeException;
import scala.collection.Seq;

/**
 * Holds the keys of the fit documents of a night.
 *
 * @param documents as {@link DocumentKeys#columns}
 * @param number of documents
 */
record NightKeys(Dataset<Row> documents, long number, Scheme scheme, Scratch scratch) {
  /** Lets three signatures in a hundred pass that share no key of 30. */
  private static final double FALSE_POSITIVES = 0.001;

  /** Bounds the filter, of 15 bits a key: a larger night costs more than reading all signatures. */
  private static final long MOST_FILTERED = 16_000_000;

  /** Returns and keeps the signatures, of some, that share a key with the night, and few others. */
  Dataset<Row> mayShareWith(Dataset<Row> signatures) {
    if (number == 0) {
      return scratch.keep(signatures.where(lit(false)));
    }
    if (scheme.keysOf(number) > MOST_FILTERED) {
      return scratch.keep(signatures);
    }
    Broadcast<BloomFilter> filter =
        JavaSparkContext.fromSparkContext(documents.sparkSession().sparkContext())
            .broadcast(filter());
    UDF3<String, String, Seq<Long>, Boolean> shares =
        (id, hash, bands) -> {
          BloomFilter found = filter.value();
          return found.mightContainLong(DocumentKeys.ofId(UTF8String.fromString(id)))
              || found.mightContainLong(DocumentKeys.ofText(UTF8String.fromString(hash)))
              || containsAny(found, bands);
        };
    Column mayShare =
        udf(shares, DataTypes.BooleanType)
            .apply(col(Signatures.ID), col(Signatures.TEXT_HASH), col(Signatures.BANDS));
    return scratch.keep(signatures.where(mayShare));
  }

  private static boolean containsAny(BloomFilter filter, Seq<Long> bands) {
    for (scala.collection.Iterator<Long> at = bands.iterator(); at.hasNext(); ) {
      if (filter.mightContainLong(at.next())) {
        return true;
      }
    }
    return false;
  }

  private BloomFilter filter() {
    long expected = scheme.keysOf(number);
    JavaRDD<InternalRow> rows = documents.queryExecution().toRdd().toJavaRDD();
    return rows.mapPartitions(part -> List.of(filterOf(part, expected)).iterator())
        .treeReduce(NightKeys::both);
  }

  private static BloomFilter filterOf(Iterator<InternalRow> rows, long expected) {
    BloomFilter filter = BloomFilter.create(expected, FALSE_POSITIVES);
    rows.forEachRemaining(row -> DocumentKeys.forEach(row, filter::putLong));
    return filter;
  }

  private static BloomFilter both(BloomFilter one, BloomFilter other) {
    try {
      return one.mergeInPlace(other);
    } catch (IncompatibleMergeException e) {
      throw new IllegalStateException("Both were made alike", e);
    }
  }

  /** Returns and keeps the places of documents that share a key; see {@link SharedKeys}. */
  Dataset<Row> shared(History history) {
    Dataset<Row> earlier = history == null ? null : history.signatures();
    long all = number + (earlier == null ? 0 : earlier.count());
    return scratch.keep(SharedKeys.places(documents, scheme.keysOf(all), earlier));
  }
}
