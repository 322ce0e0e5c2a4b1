package io.attune.pipeline.stage.tokenize;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;

import io.attune.pipeline.JobDescription;
import io.attune.schemas.model.EncoderCard;
import io.attune.schemas.table.TokenRows;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Counts the written rows and tokens.
 *
 * @param byName rows and tokens, in total and by split, and the size of the vocabulary
 * @param unknownShare fraction of the texts' own tokens that are the unknown one
 */
record TokenCounts(SortedMap<String, Long> byName, double unknownShare) {

  /** Counts in one pass. */
  static TokenCounts of(Dataset<Row> rows, Vocabulary vocabulary) {
    String unknown =
        "size(filter(%s, token -> token = %d))".formatted(TokenRows.TOKENS, vocabulary.unknown());
    Dataset<Row> bySplit =
        rows.groupBy(TokenRows.SPLIT)
            .agg(count(lit(1)), sum(size(col(TokenRows.TOKENS))), sum(expr(unknown)));
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
    }
    counts.put("vocabulary", (long) vocabulary.size());
    long special = vocabulary.specialTokens() * counts.get("rows");
    long own = Math.max(1, counts.get("tokens") - special);
    return new TokenCounts(counts, (double) unknownTokens / own);
  }

  String summary(Vocabulary vocabulary) {
    return String.format(
        Locale.ROOT,
        "%,d documents, %,d tokens, vocabulary %,d%s",
        byName.get("rows"),
        byName.get("tokens"),
        byName.get("vocabulary"),
        origin(vocabulary));
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
