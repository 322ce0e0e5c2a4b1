package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.input.PathColumns;
import io.attune.pipeline.input.RawRecord;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Reads Parquet and ORC files by Spark's own readers: of all columns those that the corpus maps,
 * and all files whose columns have the same types as one table.
 */
final class ColumnarRows {
  private static final String FILE = "__attune_file";
  private static final String START = "__attune_start";
  private static final String ROW = "__attune_row";

  private final SparkSession reading;
  private final Configuration hadoop;
  private final long maxRejects;

  ColumnarRows(SparkSession spark, long maxRejects) {
    this.reading = spark.newSession(); // its settings are for these files alone
    reading.conf().set("spark.sql.legacy.parquet.nanosAsLong", "true");
    reading.conf().set("spark.sql.parquet.binaryAsString", "true");
    reading.conf().set("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED");
    reading.conf().set("spark.sql.parquet.int96RebaseModeInRead", "CORRECTED");
    reading.conf().set("spark.sql.caseSensitive", "true");
    reading.conf().set("spark.sql.files.ignoreCorruptFiles", "false");
    reading.conf().set("spark.sql.files.ignoreMissingFiles", "false");
    reading.conf().set("spark.sql.session.timeZone", "UTC");
    this.hadoop = spark.sparkContext().hadoopConfiguration();
    this.maxRejects = maxRejects;
  }

  /** Holds files that are read as one table. */
  private record Table(Corpus corpus, Format format, List<InputFile> files, List<Footer> footers) {}

  /** Describes to a task where a file's rows begin. */
  private record Source(String path, Map<String, String> columns, TreeMap<Long, Long> stripes)
      implements Serializable {}

  /** Reads the files of one corpus, whose footers are known. */
  List<JavaRDD<Row>> read(Corpus corpus, Map<InputFile, Footer> files, DocumentMapper mapper) {
    Map<String, Table> tables = new LinkedHashMap<>();
    Set<String> wanted = corpus.columns().mapped();
    files.forEach(
        (file, footer) -> {
          Format format = corpus.format().of(file.path());
          Table table =
              tables.computeIfAbsent(
                  format + "\n" + footer.kind(wanted),
                  any -> new Table(corpus, format, new ArrayList<>(), new ArrayList<>()));
          table.files().add(file);
          table.footers().add(footer);
        });
    return tables.values().stream().map(table -> read(table, wanted, mapper)).toList();
  }

  /**
   * Reads the end of a file.
   *
   * @throws Failure.BadInput if it cannot be read, or has a name that Spark's readers pass over
   */
  Footer footer(Format format, InputFile file) {
    try {
      if (new Path(file.path()).getName().matches("[_.].*")) {
        throw new Failure.BadInput(
            "'%s' of corpus '%s' has a name that Spark's readers pass over; give it one that does not"
                + " begin with '_' or '.'",
            file.path(), file.corpus());
      }
      FileRows.requireUnchanged(file, hadoop);
      return Footer.of(format, file, hadoop);
    } catch (IOException | RuntimeException e) {
      throw Unreadable.failure(file, e);
    }
  }

  private JavaRDD<Row> read(Table table, Set<String> wanted, DocumentMapper mapper) {
    Map<String, Source> sources = new HashMap<>();
    for (int i = 0; i < table.files().size(); i++) {
      String path = table.files().get(i).path();
      Source source =
          new Source(path, PathColumns.of(path), new TreeMap<>(table.footers().get(i).stripes()));
      sources.put(path, source);
    }
    Set<String> nanoseconds = new HashSet<>(table.footers().get(0).nanoseconds());
    String corpus = table.corpus().name();
    long limit = maxRejects;
    Set<String> columns = new HashSet<>(wanted);
    return rows(table, wanted)
        .javaRDD()
        .mapPartitions(
            rows -> new Rows(rows, new Task(corpus, sources, columns, nanoseconds, mapper, limit)));
  }

  private Dataset<Row> rows(Table table, Set<String> wanted) {
    Footer footer = table.footers().get(0);
    List<String> holding = footer.holding(wanted);
    String[] paths = table.files().stream().map(InputFile::path).toArray(String[]::new);
    boolean parquet = table.format() == Format.PARQUET;
    try {
      StructType schema =
          parquet ? parquetSchema(footer.parquet(), holding) : orcSchema(paths[0], holding);
      Column row = parquet ? functions.col("_metadata.row_index") : functions.lit(-1L);
      return reader(parquet)
          .schema(schema)
          .load(paths)
          .select(
              Stream.concat(
                      Arrays.stream(schema.fieldNames()).map(ColumnarRows::named),
                      Stream.of(
                          functions.col("_metadata.file_path").as(FILE),
                          functions.col("_metadata.file_block_start").as(START),
                          row.as(ROW)))
                  .toArray(Column[]::new));
    } catch (Exception e) { // Spark's AnalysisException is checked, and not declared
      throw Unreadable.failure("'%s' of corpus '%s'".formatted(paths[0], table.corpus().name()), e);
    }
  }

  /** Reads all columns of one file whose types Spark has. */
  Dataset<Row> readable(Format format, String path, Footer footer) {
    boolean parquet = format == Format.PARQUET;
    List<String> top = footer.holding(footer.columns().keySet());
    StructType schema =
        parquet
            ? new StructType(
                top.stream()
                    .flatMap(column -> parquetField(footer.parquet(), column).stream())
                    .toArray(StructField[]::new))
            : orcSchema(path, top);
    return reader(parquet).schema(schema).load(path);
  }

  /** Returns the field of a column; empty if Spark has no such type. */
  private Optional<StructField> parquetField(MessageType file, String column) {
    try {
      return Optional.of(parquetSchema(file, List.of(column)).apply(column));
    } catch (Exception e) { // Spark's AnalysisException is checked, and not declared
      return Optional.empty();
    }
  }

  private static Column named(String column) {
    return functions.col("`" + column + "`");
  }

  /** Reads each path as it is: without patterns in it, and without columns from it. */
  private org.apache.spark.sql.DataFrameReader reader(boolean parquet) {
    return reading
        .read()
        .format(parquet ? "parquet" : "orc")
        .option("__globPaths__", "false")
        .option("recursiveFileLookup", "true");
  }

  private StructType parquetSchema(MessageType file, List<String> columns) {
    MessageType wanted =
        new MessageType(file.getName(), columns.stream().map(file::getType).toList());
    return new ParquetToSparkSchemaConverter(reading.sessionState().conf()).convert(wanted);
  }

  private StructType orcSchema(String path, List<String> columns) {
    StructType all = reader(false).load(path).schema();
    return new StructType(columns.stream().map(all::apply).toArray(StructField[]::new));
  }

  /** Holds what a task needs. */
  private record Task(
      String corpus,
      Map<String, Source> sources,
      Set<String> wanted,
      Set<String> nanoseconds,
      DocumentMapper mapper,
      long maxRejects)
      implements Serializable {}

  /** Maps the rows of one partition, which holds parts of several files one after another. */
  private static final class Rows implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final Task task;
    private final Map<String, Tallies> tallies = new LinkedHashMap<>();
    private final Map<String, Source> found = new HashMap<>();
    private Iterator<Row> last;
    private Row next;
    private String block = "";
    private long inBlock;

    Rows(Iterator<Row> rows, Task task) {
      this.rows = rows;
      this.task = task;
    }

    @Override
    public boolean hasNext() {
      while (next == null && last == null) {
        Row row = read();
        if (row == null) {
          List<Row> all = new ArrayList<>();
          tallies.values().forEach(tally -> all.addAll(tally.rows()));
          last = all.iterator();
        } else {
          next = map(row);
        }
      }
      return next != null || last.hasNext();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Row row = next == null ? last.next() : next;
      next = null;
      return row;
    }

    private Row read() {
      try {
        return rows.hasNext() ? rows.next() : null;
      } catch (Exception e) { // Scala's iterators throw checked exceptions
        throw Unreadable.failure("a file of corpus '%s'".formatted(task.corpus()), e);
      }
    }

    private Row map(Row row) {
      Source source = found.computeIfAbsent(row.getAs(FILE), this::source);
      long line = line(row, source);
      Map<String, String> fields = new LinkedHashMap<>(source.columns());
      for (String column : task.wanted()) {
        Object value = ColumnText.find(row, column);
        String text =
            task.nanoseconds().contains(column)
                ? ColumnText.ofNanoseconds(value)
                : ColumnText.of(value);
        if (text != null) {
          fields.put(column, text);
        }
      }
      Tallies tally =
          tallies.computeIfAbsent(
              source.path(), path -> new Tallies(task.corpus(), path, task.maxRejects()));
      tally.read();
      Row mapped = task.mapper().map(source.path(), RawRecord.of(line, fields, fields.toString()));
      return tally.add(mapped, line) ? mapped : null;
    }

    /** Finds a file by its path, in which Spark may have encoded some characters. */
    private Source source(String spelt) {
      Source source = task.sources().get(spelt);
      try {
        source = source == null ? task.sources().get(new Path(new URI(spelt)).toString()) : source;
      } catch (URISyntaxException e) {
        throw new IllegalStateException("Spark names a file '%s'".formatted(spelt), e);
      }
      if (source == null) {
        throw new IllegalStateException(
            "Spark read '%s', which was not asked for".formatted(spelt));
      }
      return source;
    }

    /** Returns the number of a row in its file, from 1. */
    private long line(Row row, Source source) {
      long index = row.<Long>getAs(ROW);
      if (index >= 0) {
        return index + 1;
      }
      long start = row.<Long>getAs(START);
      String at = source.path() + "\n" + start;
      if (!at.equals(block)) {
        block = at;
        inBlock = 0;
      }
      Map.Entry<Long, Long> first = source.stripes().ceilingEntry(start);
      return (first == null ? 0 : first.getValue()) + ++inBlock;
    }
  }
}
