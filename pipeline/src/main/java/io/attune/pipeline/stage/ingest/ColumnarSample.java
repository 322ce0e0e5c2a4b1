package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.figure.Figures;
import io.attune.pipeline.input.FileLayout;
import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.input.RawRecord;
import io.attune.pipeline.input.Records;
import io.attune.pipeline.input.Sample;
import io.attune.schemas.failure.Failure;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Samples a Parquet or ORC file by the readers that ingest it, for a first configuration. */
public final class ColumnarSample {
  /** Rows of a file that are read; of a larger one a random sample of about as many. */
  private static final long MOST_ROWS = 1_000_000;

  private ColumnarSample() {}

  /**
   * Reads a file, and keeps at most {@code limit} of its rows.
   *
   * @throws Failure.BadInput if it cannot be read
   */
  public static Sample of(String file, Format format, SparkSession spark, int limit) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try {
      Path path = new Path(file);
      Path whole = path.getFileSystem(hadoop).makeQualified(path);
      Footer footer = Footer.of(format, new InputFile("", whole.toString(), null, 0, 0), hadoop);
      Dataset<Row> rows = new ColumnarRows(spark, 0).readable(format, whole.toString(), footer);
      List<String> columns = new ArrayList<>(footer.columns().keySet());
      Set<String> read = Set.of(rows.columns());
      List<String> unread =
          columns.stream().filter(column -> !read.contains(top(column, read))).toList();
      columns.removeAll(unread);
      List<String> remarks = new ArrayList<>();
      if (!unread.isEmpty()) {
        remarks.add("columns of types that cannot be read: " + Figures.firstQuoted(unread));
      }
      if (footer.rows() > MOST_ROWS) {
        rows = rows.sample(false, (double) MOST_ROWS / footer.rows(), 1);
        remarks.add(
            "about %,d of %,d rows were read, by chance; the counts are of them"
                .formatted(MOST_ROWS, footer.rows()));
      }
      return Sample.of(
          FileLayout.of(format),
          new Rows(rows.toLocalIterator(), columns, footer.nanoseconds()),
          limit,
          remarks);
    } catch (Exception e) { // Spark's exceptions are checked, and not declared
      throw Unreadable.failure("'%s'".formatted(file), e);
    }
  }

  /** Returns the column that holds a field of a structure; any other column itself. */
  private static String top(String column, Set<String> read) {
    for (int dot = column.indexOf('.'); dot > 0; dot = column.indexOf('.', dot + 1)) {
      if (read.contains(column.substring(0, dot))) {
        return column.substring(0, dot);
      }
    }
    return column;
  }

  /** Reads rows as records of text. */
  private static final class Rows implements Records {
    private final Iterator<Row> rows;
    private final List<String> columns;
    private final Set<String> nanoseconds;
    private long read;

    Rows(Iterator<Row> rows, List<String> columns, Set<String> nanoseconds) {
      this.rows = rows;
      this.columns = columns;
      this.nanoseconds = nanoseconds;
    }

    @Override
    public List<String> header() {
      return columns;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public RawRecord next() {
      Row row = rows.next();
      Map<String, String> fields = new LinkedHashMap<>();
      for (String column : columns) {
        Object value = ColumnText.find(row, column);
        String text =
            nanoseconds.contains(column) ? ColumnText.ofNanoseconds(value) : ColumnText.of(value);
        if (text != null) {
          fields.put(column, text);
        }
      }
      return RawRecord.of(++read, fields, "");
    }

    @Override
    public void close() {}
  }
}
