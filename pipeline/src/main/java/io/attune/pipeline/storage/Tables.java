package io.attune.pipeline.storage;

import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.table.TableSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.spark.Spark3Util;
import org.apache.iceberg.spark.actions.SparkActions;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.DataFrameWriterV2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;

/**
 * Reads and writes the tables of one task: Iceberg tables in {@code <root>/tables/<task>/}, each
 * partitioned by the run that wrote its rows. One writer at a time; a commit is atomic, and every
 * state stays readable by its snapshot.
 */
public final class Tables {
  /** Names the column that every table has and is partitioned by. */
  public static final String RUN = "run";

  /**
   * Sets the bytes of files that one task reads, compressed: a quarter of Iceberg's, which gave a
   * night of 300 MB three tasks, so that one of two cores was idle for a third of the time.
   */
  private static final long SPLIT_BYTES = 32L << 20;

  /**
   * Sets how files of a new table are written. Zstandard at level 1 takes half the time of level 3,
   * the default, for files an eighth larger. A dictionary of 2 MB, the default, is filled with
   * texts and hashes before it is given up; the columns that repeat need little of it.
   */
  private static final String WRITING =
      "'write.parquet.compression-codec'='zstd','write.parquet.compression-level'='1',"
          + "'write.parquet.dict-size-bytes'='262144'";

  private final SparkSession spark;
  private final Storage storage;
  private final String task;
  private final String namespace;

  private Tables(SparkSession spark, Storage storage, String task, String catalog) {
    this.spark = spark;
    this.storage = storage;
    this.task = task;
    namespace = catalog + ".`" + task + "`";
  }

  /** Opens the tables of a task, without writing. */
  public static Tables of(SparkSession spark, Storage storage, String task) {
    String warehouse = storage.resolve("tables").toString();
    // One catalogue for each root, so that a session can work on several.
    String catalog = "attune_" + Sha256.of(warehouse).substring(0, 12);
    spark.conf().set("spark.sql.catalog." + catalog, "org.apache.iceberg.spark.SparkCatalog");
    spark.conf().set("spark.sql.catalog." + catalog + ".type", "hadoop");
    spark.conf().set("spark.sql.catalog." + catalog + ".warehouse", warehouse);
    return new Tables(spark, storage, task, catalog);
  }

  public boolean exists(TableSchema table) {
    return spark.catalog().tableExists(nameOf(table));
  }

  /**
   * Replaces the rows of one run by {@code rows}, in one commit; running it twice is running it
   * once. The table is created if it is not there.
   *
   * @param rows with the columns of {@code table}; {@code run} is the same in every row
   * @throws Failure.Busy if another process has taken over this one's lock; a commit that comes
   *     later than one of that process fails, whatever it fails with
   */
  public void replaceRun(TableSchema table, String run, Dataset<Row> rows) {
    table.requireIn(rows.schema());
    createIfAbsent(table);
    removeAbandoned(table, run);
    addMissingColumns(table);
    long before = snapshot(open(table));
    storage.requireWriteAllowed(); // the commit is checked against that snapshot
    Dataset<Row> ordered =
        rows.select(
            List.of(table.columns().fieldNames()).stream()
                .map(functions::col)
                .toArray(org.apache.spark.sql.Column[]::new));
    DataFrameWriterV2<Row> writer =
        ordered
            .writeTo(nameOf(table))
            .option("isolation-level", "serializable")
            // All rows are of one partition: sent to the task that writes it, one would write all.
            .option("distribution-mode", "none");
    if (before != 0) {
      writer = writer.option("validate-from-snapshot-id", Long.toString(before));
    }
    try {
      writer.overwrite(functions.col(RUN).equalTo(run));
    } catch (NoSuchTableException e) {
      throw new IllegalStateException("Created a moment ago: " + nameOf(table), e);
    }
  }

  /**
   * Removes the files that writers left that were cut off before they committed, if there is any of
   * a run. {@link #replaceRun} does so first. Of a table that was written under several addresses
   * they stay. Only for a caller that keeps other writers out.
   */
  public void removeAbandoned(TableSchema table, String run) {
    if (!exists(table)) {
      return;
    }
    Table opened = open(table);
    String partition = RUN + "=" + URLEncoder.encode(run, StandardCharsets.UTF_8);
    boolean isClean =
        files(opened, run).containsAll(storage.list(folder(table) + "/data/" + partition));
    if (isClean || !isOfOneAddress(table, opened)) {
      return;
    }
    storage.requireWriteAllowed();
    // Those of every snapshot stay. Without a limit it would spare what is younger than three days.
    var unused =
        SparkActions.get(spark).deleteOrphanFiles(opened).olderThan(Long.MAX_VALUE).execute();
  }

  /**
   * Returns whether every commit came by the address that the table is now used by, such as one
   * NameNode: files that are named otherwise would seem abandoned.
   */
  private boolean isOfOneAddress(TableSchema table, Table opened) {
    String address = storage.resolve(folder(table)).toString();
    return opened.location().equals(address)
        && StreamSupport.stream(opened.snapshots().spliterator(), false)
            .allMatch(snapshot -> snapshot.manifestListLocation().startsWith(address + "/"));
  }

  /** Returns the names of a run's data files in the present snapshot. */
  private static Set<String> files(Table table, String run) {
    Set<String> names = new TreeSet<>();
    try (CloseableIterable<FileScanTask> files =
        table.newScan().filter(Expressions.equal(RUN, run)).planFiles()) {
      files.forEach(task -> names.add(new Path(task.file().location()).getName()));
    } catch (IOException e) {
      throw new UncheckedIOException("The list of files of " + table.name(), e);
    }
    return names;
  }

  /** Removes the rows of one run, in one commit; nothing happens if there are none. */
  public void removeRun(TableSchema table, String run) {
    if (exists(table)) {
      var unused = open(table);
      storage.requireWriteAllowed();
      spark.sql("DELETE FROM %s WHERE %s = '%s'".formatted(nameOf(table), RUN, run));
    }
  }

  /**
   * Reads all rows, of every run. A column that the table had not yet when rows were written is
   * null in them.
   *
   * @throws Failure.BadInput if no stage has written the table yet
   */
  public Dataset<Row> read(TableSchema table) {
    var unused = existing(table);
    return complete(table, reader().table(nameOf(table)));
  }

  /** Reads the rows that one run wrote. */
  public Dataset<Row> readRun(TableSchema table, String run) {
    return read(table).where(functions.col(RUN).equalTo(run));
  }

  /** Returns the runs that have rows in a table, by what its data files are of, without reading. */
  public Set<String> runs(TableSchema table) {
    Set<String> runs = new TreeSet<>();
    if (exists(table)) {
      try (CloseableIterable<FileScanTask> files = open(table).newScan().planFiles()) {
        files.forEach(task -> runs.add(task.file().partition().get(0, String.class)));
      } catch (IOException e) {
        throw new UncheckedIOException("The list of files of " + nameOf(table), e);
      }
    }
    return runs;
  }

  /** Reads all rows as they were at a snapshot that {@link #snapshot} returned. */
  public Dataset<Row> readAt(TableSchema table, long snapshot) {
    var unused = existing(table);
    return complete(table, reader().option("snapshot-id", snapshot).table(nameOf(table)));
  }

  /**
   * Returns the table's present snapshot, for {@link #readAt} and for provenance; 0 while it is
   * empty.
   */
  public long snapshot(TableSchema table) {
    return snapshot(existing(table));
  }

  private static long snapshot(Table table) {
    Snapshot latest = table.currentSnapshot();
    return latest == null ? 0 : latest.snapshotId();
  }

  /**
   * Opens a table of Iceberg at its present state.
   *
   * @throws Failure.BadInput if the root was copied or moved since the table was written
   */
  private Table open(TableSchema table) {
    try {
      Table opened = Spark3Util.loadIcebergTable(spark, nameOf(table));
      opened.refresh(); // the catalogue keeps tables, and another process may have written
      home(table, opened).require(spark.sparkContext().hadoopConfiguration());
      return opened;
    } catch (NoSuchTableException | ParseException e) {
      throw new IllegalStateException("Found a moment ago: " + nameOf(table), e);
    }
  }

  private TableHome home(TableSchema table, Table opened) {
    return new TableHome(storage.resolve(folder(table)), new Path(opened.location()));
  }

  private String folder(TableSchema table) {
    return "tables/%s/%s".formatted(task, table.name());
  }

  private DataFrameReader reader() {
    return spark.read().option("split-size", SPLIT_BYTES);
  }

  private void createIfAbsent(TableSchema table) {
    if (!exists(table)) {
      spark.sql(
          "CREATE TABLE IF NOT EXISTS %s (%s) USING iceberg PARTITIONED BY (%s) TBLPROPERTIES ('format-version'='2','attune.schema-version'='%d',%s)"
              .formatted(nameOf(table), table.columns().toDDL(), RUN, table.version(), WRITING));
    }
  }

  private void addMissingColumns(TableSchema table) {
    List<String> known = List.of(spark.table(nameOf(table)).columns());
    List<String> missing =
        Arrays.stream(table.columns().fields())
            .filter(column -> !known.contains(column.name()))
            .map(StructField::toDDL)
            .toList();
    if (!missing.isEmpty()) {
      storage.requireWriteAllowed();
      spark.sql(
          "ALTER TABLE %s ADD COLUMNS (%s)".formatted(nameOf(table), String.join(", ", missing)));
      spark.sql(
          "ALTER TABLE %s SET TBLPROPERTIES ('attune.schema-version'='%d')"
              .formatted(nameOf(table), table.version()));
    }
  }

  private static Dataset<Row> complete(TableSchema table, Dataset<Row> rows) {
    List<String> known = List.of(rows.columns());
    Dataset<Row> complete = rows;
    for (StructField column : table.columns().fields()) {
      if (!known.contains(column.name())) {
        complete = complete.withColumn(column.name(), functions.lit(null).cast(column.dataType()));
      }
    }
    return complete;
  }

  private Table existing(TableSchema table) {
    if (!exists(table)) {
      throw new Failure.BadInput(
          "There is no table '%s' yet; run the stage that writes it first", table.name());
    }
    return open(table);
  }

  private String nameOf(TableSchema table) {
    return namespace + "." + table.name();
  }
}
