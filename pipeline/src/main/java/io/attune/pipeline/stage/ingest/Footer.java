package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.input.stream.BinaryFile;
import io.attune.pipeline.input.stream.StoredFile;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.StripeInformation;
import org.apache.orc.TypeDescription;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Holds what the end of a Parquet or ORC file says of it.
 *
 * @param columns type by name, fields of structures by their path
 * @param nanoseconds columns of times, which Spark's types cannot hold
 * @param rows of the whole file
 * @param stripes of ORC: by the offset of a stripe, the rows before it
 * @param parquet the schema of Parquet; null for ORC
 */
record Footer(
    Map<String, String> columns,
    Set<String> nanoseconds,
    long rows,
    TreeMap<Long, Long> stripes,
    MessageType parquet) {

  static Footer of(Format format, InputFile file, Configuration hadoop) throws IOException {
    Path path = new Path(file.path());
    if (StoredFile.hasColon(path) && path.getFileSystem(hadoop) instanceof LocalFileSystem) {
      throw new Failure.BadInput(
          "'%s' has a colon in its name, with which Spark's readers of Parquet and ORC read no local"
              + " file: give it a name without",
          path);
    }
    try {
      return format == Format.PARQUET ? parquet(path, hadoop) : orc(path, hadoop);
    } catch (IOException | RuntimeException e) {
      if (BinaryFile.at(file.path(), hadoop).equals(Optional.of(BinaryFile.PACKED_COLUMNS))) {
        throw new Failure.BadInput(e, "'%s' %s", path, BinaryFile.PACKED_COLUMNS.said());
      }
      throw e;
    }
  }

  /** Returns the top-level columns that hold the given ones; a path begins with its column. */
  List<String> holding(Set<String> wanted) {
    List<String> holding = new ArrayList<>();
    for (String column : columns.keySet()) {
      boolean top = columns.get(column) != null && !isBelow(column);
      if (top
          && wanted.stream()
              .anyMatch(name -> name.equals(column) || name.startsWith(column + "."))) {
        holding.add(column);
      }
    }
    return holding;
  }

  private boolean isBelow(String column) {
    int dot = column.lastIndexOf('.');
    return dot > 0 && columns.getOrDefault(column.substring(0, dot), "").startsWith("{");
  }

  /** Returns what is the same for files that can be read as one table. */
  String kind(Set<String> wanted) {
    StringBuilder kind = new StringBuilder();
    for (String column : holding(wanted)) {
      kind.append(column).append(' ').append(columns.get(column)).append('\n');
    }
    return kind.toString();
  }

  private static Footer parquet(Path path, Configuration hadoop) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop))) {
      MessageType schema = reader.getFileMetaData().getSchema();
      Map<String, String> columns = new LinkedHashMap<>();
      Set<String> nanoseconds = new java.util.HashSet<>();
      collect("", schema, columns, nanoseconds);
      return new Footer(columns, nanoseconds, reader.getRecordCount(), new TreeMap<>(), schema);
    }
  }

  private static void collect(
      String prefix, GroupType group, Map<String, String> columns, Set<String> nanoseconds) {
    for (Type type : group.getFields()) {
      String name = prefix + type.getName();
      LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
      boolean structure = !type.isPrimitive() && logical == null;
      columns.put(name, (structure ? "{" : "") + type);
      if (logical instanceof TimestampLogicalTypeAnnotation time
          && time.getUnit() == LogicalTypeAnnotation.TimeUnit.NANOS) {
        nanoseconds.add(name);
      }
      if (structure) {
        collect(name + ".", type.asGroupType(), columns, nanoseconds);
      }
    }
  }

  private static Footer orc(Path path, Configuration hadoop) throws IOException {
    try (Reader reader = OrcFile.createReader(path, OrcFile.readerOptions(hadoop))) {
      Map<String, String> columns = new LinkedHashMap<>();
      collect("", reader.getSchema(), columns);
      TreeMap<Long, Long> stripes = new TreeMap<>();
      long rows = 0;
      for (StripeInformation stripe : reader.getStripes()) {
        stripes.put(stripe.getOffset(), rows);
        rows += stripe.getNumberOfRows();
      }
      return new Footer(columns, Set.of(), rows, stripes, null);
    }
  }

  private static void collect(
      String prefix, TypeDescription structure, Map<String, String> columns) {
    if (structure.getCategory() != TypeDescription.Category.STRUCT) {
      return;
    }
    for (int i = 0; i < structure.getFieldNames().size(); i++) {
      TypeDescription type = structure.getChildren().get(i);
      boolean nested = type.getCategory() == TypeDescription.Category.STRUCT;
      String name = prefix + structure.getFieldNames().get(i);
      columns.put(name, (nested ? "{" : "") + type);
      collect(name + ".", type, columns);
    }
  }
}
