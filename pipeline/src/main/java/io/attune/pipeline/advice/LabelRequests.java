package io.attune.pipeline.advice;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.substring;

import io.attune.pipeline.advice.RecentAnswers.Candidate;
import io.attune.pipeline.figure.Figures;
import io.attune.pipeline.linear.TextLikeness;
import io.attune.pipeline.storage.ColumnNames;
import io.attune.pipeline.text.DocumentText;
import io.attune.schemas.report.Advice.Request;
import io.attune.schemas.table.Documents;
import java.sql.Timestamp;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Finds the documents whose labels would teach most: of those that the model is least certain of,
 * some that are unlike each other. At most {@link #MOST_CANDIDATES} beginnings of texts come to the
 * driver, and the whole texts of those that are asked for.
 */
final class LabelRequests {
  /** Sets how many candidates each wanted document is chosen among. */
  private static final int CANDIDATES_EACH = 20;

  private static final int LEAST_CANDIDATES = 1_000;
  private static final int MOST_CANDIDATES = 2_000;

  /** Bounds the characters by which texts are compared. */
  private static final int COMPARED = 400;

  /** Bounds the characters that are shown. */
  private static final int SHOWN = 280;

  private static final String BEGINNING = "beginning";
  private static final StructType KEYS =
      new StructType()
          .add(Documents.ID, DataTypes.StringType)
          .add(Documents.RUN, DataTypes.StringType);

  private final Dataset<Row> clean;
  private final long seed;

  /**
   * Searches a table.
   *
   * @param clean all rows of the table of clean documents at one snapshot
   */
  LabelRequests(Dataset<Row> clean, long seed) {
    this.clean = clean;
    this.seed = seed;
  }

  /**
   * Holds a document whose labels are asked for.
   *
   * @param publishedAt ISO 8601, UTC; null where it is not known
   * @param extra fields that its corpus keeps
   */
  record Requested(
      Request request,
      String title,
      String text,
      String publishedAt,
      String language,
      Map<String, String> extra) {}

  /**
   * Returns at most some documents, the first the most urgent.
   *
   * @param answers of {@link RecentAnswers#of}
   */
  List<Requested> of(Dataset<Row> answers, int wanted) {
    if (wanted == 0) {
      return List.of();
    }
    int most = Math.max(LEAST_CANDIDATES, Math.min(MOST_CANDIDATES, wanted * CANDIDATES_EACH));
    List<Candidate> candidates = RecentAnswers.leastCertain(answers, most, seed);
    if (candidates.isEmpty()) {
      return List.of();
    }
    return texts(chosen(candidates, wanted));
  }

  private List<Candidate> chosen(List<Candidate> candidates, int wanted) {
    Map<String, String> beginnings = new HashMap<>();
    documents(candidates)
        .select(
            col(Documents.ID),
            substring(concat_ws(" ", col(Documents.TITLE), col(Documents.TEXT)), 1, COMPARED)
                .as(BEGINNING))
        .collectAsList()
        .forEach(row -> beginnings.put(row.getString(0), row.getString(1)));
    List<Candidate> known =
        candidates.stream().filter(candidate -> beginnings.containsKey(candidate.id())).toList();
    TextLikeness likeness =
        TextLikeness.of(known.stream().map(candidate -> beginnings.get(candidate.id())).toList());
    double[] uncertainty = known.stream().mapToDouble(Candidate::uncertainty).toArray();
    return DiverseChoice.of(uncertainty, likeness::of, wanted).stream().map(known::get).toList();
  }

  /** Returns the rows of documents, read of their runs alone. */
  private Dataset<Row> documents(List<Candidate> wanted) {
    List<Row> keys = wanted.stream().map(one -> RowFactory.create(one.id(), one.run())).toList();
    Object[] runs = wanted.stream().map(Candidate::run).distinct().toArray();
    return clean
        .where(col(Documents.RUN).isin(runs))
        .join(
            broadcast(clean.sparkSession().createDataFrame(keys, KEYS)),
            ColumnNames.of(Documents.ID, Documents.RUN),
            "left_semi");
  }

  private List<Requested> texts(List<Candidate> chosen) {
    Map<String, Row> rows = new HashMap<>();
    documents(chosen)
        .select(
            col(Documents.ID),
            col(Documents.SOURCE),
            col(Documents.PUBLISHED_AT),
            col(Documents.TITLE),
            col(Documents.TEXT),
            col(Documents.LANGUAGE),
            col(Documents.EXTRA))
        .collectAsList()
        .forEach(row -> rows.put(row.getString(0), row));
    List<Requested> requests = new ArrayList<>();
    for (Candidate candidate : chosen) {
      requests.add(requested(candidate, rows.get(candidate.id())));
    }
    return requests;
  }

  private static Requested requested(Candidate candidate, Row row) {
    Timestamp published = row.getTimestamp(2);
    String title = row.getString(3);
    String text = row.getString(4);
    Map<String, String> extra = row.isNullAt(6) ? Map.of() : row.getJavaMap(6);
    return new Requested(
        new Request(
            candidate.id(),
            row.getString(1),
            published == null
                ? null
                : published.toInstant().atZone(ZoneOffset.UTC).toLocalDate().toString(),
            Figures.cut(DocumentText.of(title, text), SHOWN),
            candidate.answers()),
        title,
        text,
        published == null ? null : published.toInstant().toString(),
        row.getString(5),
        extra);
  }
}
