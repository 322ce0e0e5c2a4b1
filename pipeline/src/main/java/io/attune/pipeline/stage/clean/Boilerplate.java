package io.attune.pipeline.stage.clean;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.attune.schemas.table.Documents;
import java.io.Serializable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Holds the lines that many documents of a source have, such as a notice under every article.
 *
 * @param lines by source; a document without a source has its corpus for one
 */
record Boilerplate(Map<String, Set<String>> lines) implements Serializable {
  static final Boilerplate NONE = new Boilerplate(Map.of());

  /** Is the number of a source's documents from which on something can be said of them. */
  static final int LEAST_DOCUMENTS = 20;

  /** Bounds the lines that are kept, the most frequent first. */
  private static final int MOST_LINES = 1_000;

  /** Bounds the characters of a line that is counted; a longer one is an article. */
  private static final int LONGEST_LINE = 1_000;

  private static final String SOURCE = "line_source";
  private static final String LINE = "line_text";
  private static final String ALL = "documents_of_source";
  private static final StructType LINES =
      new StructType().add(SOURCE, DataTypes.StringType).add(LINE, DataTypes.StringType);

  /**
   * Counts the lines of all documents, each once for a document.
   *
   * @param documents of one night, with the columns of {@link Documents}
   */
  static Boilerplate find(Dataset<Row> documents, CleanConfig config) {
    if (config.boilerplateShare() == 0) {
      return NONE;
    }
    Dataset<Row> sources =
        documents
            .groupBy(source().as(SOURCE))
            .agg(count(lit(1)).as(ALL))
            .where(col(ALL).geq(LEAST_DOCUMENTS));
    FlatMapFunction<Row, Row> lines =
        document -> linesOf(document.getString(0), document.getString(1), config);
    List<Row> frequent =
        documents
            .select(source(), col(Documents.TEXT))
            .where(col(Documents.TEXT).isNotNull())
            .flatMap(lines, Encoders.row(LINES))
            .groupBy(SOURCE, LINE)
            .agg(count(lit(1)).as("documents_of_line"))
            .join(sources, SOURCE)
            .where(col("documents_of_line").gt(col(ALL).multiply(config.boilerplateShare())))
            .orderBy(col("documents_of_line").desc(), col(SOURCE), col(LINE))
            .limit(MOST_LINES)
            .collectAsList();
    Map<String, Set<String>> bySource = new HashMap<>();
    for (Row row : frequent) {
      bySource
          .computeIfAbsent(row.getAs(SOURCE), any -> new HashSet<>())
          .add(row.<String>getAs(LINE));
    }
    return new Boilerplate(bySource);
  }

  private static Iterator<Row> linesOf(String source, String text, CleanConfig config) {
    // A text of one line is never removed.
    String[] lines =
        TextNormalizer.mayHaveLines(text)
            ? Preparation.lines(text, config, new Changes()).split("\n", -1)
            : new String[0];
    if (lines.length < 2) {
      return List.<Row>of().iterator();
    }
    Set<String> distinct = new HashSet<>();
    for (String line : lines) {
      if (line.length() <= LONGEST_LINE) {
        distinct.add(line);
      }
    }
    return distinct.stream().map(line -> RowFactory.create(source, line)).iterator();
  }

  /** Returns what the lines of a document are counted by. */
  static Column source() {
    return coalesce(col(Documents.SOURCE), col(Documents.CORPUS));
  }

  /** Returns a document's lines without these; all of them if nothing else would be left. */
  String removed(String text, String source, Changes changes) {
    Set<String> common = lines.getOrDefault(source, Set.of());
    if (common.isEmpty() || text.isEmpty()) {
      return text;
    }
    List<String> all = List.of(text.split("\n", -1));
    String left =
        all.stream().filter(line -> !common.contains(line)).collect(Collectors.joining("\n"));
    if (left.isEmpty()) {
      return text;
    }
    all.stream().filter(common::contains).forEach(changes::addLine);
    return left;
  }
}
