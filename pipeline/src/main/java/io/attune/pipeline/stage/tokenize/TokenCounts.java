package io.attune.pipeline.stage.tokenize;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.JobDescription;
import io.attune.schemas.model.EncoderCard;
import io.attune.schemas.table.TokenRows;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Counts the written rows and tokens.
 *
 * @param byName rows and tokens, in total and by split, documents, windows left out, copies with
 *     synonyms and the words replaced in them, the size of the vocabulary, and the documents
 *     without labels that are left out, if any are
 * @param unknownShare fraction of the texts' own tokens that are the unknown one
 */
record TokenCounts(SortedMap<String, Long> byName, double unknownShare) {
  private static final String TEXTS = "documents";
  private static final String LEFT_OUT = "windowsLeftOut";
  private static final String COPIES = "copies";
  private static final String REPLACED = "wordsReplaced";
  private static final String WITHOUT_LABEL = "documentsWithoutLabel";

  /**
   * Counts in one pass.
   *
   * @param withoutLabel documents that have no rows because nothing says what they are
   */
  static TokenCounts of(Dataset<Row> rows, Vocabulary vocabulary, long withoutLabel) {
    String unknown =
        "size(filter(%s, token -> token = %d))".formatted(TokenRows.TOKENS, vocabulary.unknown());
    Column isFirst = coalesce(col(TokenRows.WINDOW), lit(0)).equalTo(0);
    Column replaced = coalesce(col(TokenRows.REPLACED), lit(0));
    Dataset<Row> bySplit =
        rows.groupBy(TokenRows.SPLIT)
            .agg(
                count(lit(1)),
                sum(size(col(TokenRows.TOKENS))),
                sum(expr(unknown)),
                sum(when(isFirst, 1L).otherwise(0L)),
                sum(when(isFirst, coalesce(col(TokenRows.LEFT_OUT), lit(0))).otherwise(0)),
                sum(when(replaced.gt(0), 1L).otherwise(0L)),
                sum(replaced));
    SortedMap<String, Long> counts = new TreeMap<>();
    long unknownTokens = 0;
    for (Row row :
        JobDescription.during(
            rows.sparkSession(), "tokenize: count tokens", bySplit::collectAsList)) {
      counts.put("rows." + row.getString(0), row.getLong(1));
      counts.put("tokens." + row.getString(0), row.getLong(2));
      counts.merge("rows", row.getLong(1), Long::sum);
      counts.merge("tokens", row.getLong(2), Long::sum);
      unknownTokens += row.getLong(3);
      counts.merge(TEXTS, row.getLong(4), Long::sum);
      counts.merge(LEFT_OUT, row.getLong(5), Long::sum);
      counts.merge(COPIES, row.getLong(6), Long::sum);
      counts.merge(REPLACED, row.getLong(7), Long::sum);
    }
    counts.put("vocabulary", (long) vocabulary.size());
    counts.putAll(vocabulary.counts());
    if (withoutLabel > 0) {
      counts.put(WITHOUT_LABEL, withoutLabel);
    }
    long special = vocabulary.specialTokens() * counts.get("rows");
    long own = Math.max(1, counts.get("tokens") - special);
    return new TokenCounts(counts, (double) unknownTokens / own);
  }

  /** Returns how many words were too rare to learn from, if any were. */
  private String words() {
    long leftOut = byName.getOrDefault("wordsLeftOut", 0L);
    return leftOut == 0
        ? ""
        : String.format(
            Locale.ROOT,
            " from the %,d most frequent of %,d words",
            byName.get("words"),
            byName.get("words") + leftOut);
  }

  long copies() {
    return byName.get(COPIES);
  }

  long wordsReplaced() {
    return byName.get(REPLACED);
  }

  /** Returns how many rows there are if documents are several, and how many there could be. */
  private String windows() {
    if (byName.get("rows") == byName.get(TEXTS) + copies() && byName.get(LEFT_OUT) == 0) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        " in %,d windows (%,d more left out by max-windows)",
        byName.get("rows"),
        byName.get(LEFT_OUT));
  }

  private String synonyms() {
    return copies() == 0
        ? ""
        : String.format(
            Locale.ROOT,
            " and %,d copies with %,d words replaced by synonyms",
            copies(),
            wordsReplaced());
  }

  String summary(Vocabulary vocabulary) {
    return String.format(
        Locale.ROOT,
        "%,d documents%s%s, %,d tokens, vocabulary %,d%s%s%s",
        byName.get(TEXTS),
        synonyms(),
        windows(),
        byName.get("tokens"),
        byName.get("vocabulary"),
        words(),
        origin(vocabulary),
        withoutLabel());
  }

  private String withoutLabel() {
    long leftOut = byName.getOrDefault(WITHOUT_LABEL, 0L);
    return leftOut == 0
        ? ""
        : String.format(
            Locale.ROOT,
            "; left out %,d without labels, from which only a student learns (model.distil)",
            leftOut);
  }

  private static String origin(Vocabulary vocabulary) {
    return vocabulary
        .encoder()
        .map(EncoderCard::name)
        .map(" of "::concat)
        .or(() -> vocabulary.languages().map(of -> " of the task's own, for " + of.describe()))
        .orElse("");
  }
}
