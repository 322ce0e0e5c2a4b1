package io.attune.pipeline.stage.tokenize;

import static org.apache.spark.sql.functions.sum;

import io.attune.pipeline.JobDescription;
import io.attune.pipeline.text.DocumentText;
import io.attune.pipeline.text.SubwordTokenizer;
import io.attune.schemas.table.Documents;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the words of documents, as the tokenizer will see them, on the executors. */
final class WordCounts {
  /**
   * Limits the characters of a word; a longer one, such as a clause of Chinese, is counted in
   * pieces of this size.
   */
  static final int LONGEST_WORD = 64;

  /**
   * Limits the distinct words that a tokenizer learns from, the most frequent first. Words that are
   * left out occur once or twice in a corpus of at least as many documents.
   */
  static final int MOST_WORDS = 1_000_000;

  /** Sets the bytes of words that a task passes on at once. */
  private static final int CHUNK = 1 << 20;

  /**
   * Limits the words counted in a task before it passes its counts on, and with them its memory.
   */
  private static final int WORDS_HELD = 200_000;

  static final String WORD = "word";
  static final String COUNT = "count";
  private static final Logger LOG = LoggerFactory.getLogger(WordCounts.class);
  private static final StructType COLUMNS =
      new StructType().add(WORD, DataTypes.StringType).add(COUNT, DataTypes.LongType);

  private WordCounts() {}

  /**
   * Returns the occurrences by word, over all rows, of the most frequent words.
   *
   * @param documents with title and text
   * @param splitter the tokenizer file of {@link TokenizerJson#splitter}
   * @param most distinct words
   */
  static WordTable of(Dataset<Row> documents, Broadcast<byte[]> splitter, long most) {
    Dataset<Row> counted =
        documents
            .select(Documents.TITLE, Documents.TEXT)
            .mapPartitions(
                (MapPartitionsFunction<Row, Row>) rows -> counts(rows, splitter.value()),
                Encoders.row(COLUMNS))
            .groupBy(WORD)
            .agg(sum(COUNT).as(COUNT))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return JobDescription.during(
          documents.sparkSession(), "tokenize: count words", () -> collect(counted, most));
    } finally {
      counted.unpersist();
    }
  }

  private static WordTable collect(Dataset<Row> counted, long most) {
    WordLimit limit = WordLimit.of(counted, most);
    List<byte[]> chunks =
        counted
            .where(limit.condition())
            .mapPartitions(
                (MapPartitionsFunction<Row, byte[]>) WordCounts::chunks, Encoders.BINARY())
            .collectAsList();
    if (limit.leftOut() > 0) {
      LOG.info(
          "The texts have {} distinct words; the tokenizer learns from the {} most frequent ones",
          limit.words() + limit.leftOut(),
          limit.words());
    }
    return new WordTable(chunks, limit.words(), limit.leftOut());
  }

  private static Iterator<byte[]> chunks(Iterator<Row> words) {
    WordTable.Writer writer = new WordTable.Writer();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return words.hasNext();
      }

      @Override
      public byte[] next() {
        do {
          Row word = words.next();
          writer.add(word.getString(0), word.getLong(1));
        } while (words.hasNext() && writer.size() < CHUNK);
        return writer.take();
      }
    };
  }

  private static Iterator<Row> counts(Iterator<Row> documents, byte[] splitter) {
    SubwordTokenizer tokenizer = SubwordTokenizer.shared(splitter);
    return new Iterator<>() {
      private Iterator<Row> ready = Collections.emptyIterator();

      @Override
      public boolean hasNext() {
        if (!ready.hasNext() && documents.hasNext()) {
          ready = countSome(documents, tokenizer).iterator();
        }
        return ready.hasNext() || documents.hasNext();
      }

      @Override
      public Row next() {
        while (!ready.hasNext()) {
          ready = countSome(documents, tokenizer).iterator();
        }
        return ready.next();
      }
    };
  }

  /** Counts documents until there are none left or the words are too many to hold. */
  private static List<Row> countSome(Iterator<Row> documents, SubwordTokenizer tokenizer) {
    Map<String, Long> counts = new HashMap<>();
    while (documents.hasNext() && counts.size() < WORDS_HELD) {
      Row document = documents.next();
      String text = DocumentText.of(document.getString(0), document.getString(1));
      for (String word : tokenizer.tokens(text)) {
        countPieces(word, counts);
      }
    }
    List<Row> rows = new ArrayList<>(counts.size());
    counts.forEach((word, count) -> rows.add(RowFactory.create(word, count)));
    return rows;
  }

  private static void countPieces(String word, Map<String, Long> counts) {
    int start = 0;
    while (word.length() - start > LONGEST_WORD) { // UTF-16 units are at least the characters
      int characters = Math.min(LONGEST_WORD, word.codePointCount(start, word.length()));
      int end = word.offsetByCodePoints(start, characters);
      counts.merge(word.substring(start, end), 1L, Long::sum);
      start = end;
    }
    if (start < word.length()) {
      counts.merge(word.substring(start), 1L, Long::sum);
    }
  }
}
