package io.attune.pipeline.stage.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;

import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.input.RawRecord;
import io.attune.pipeline.input.RecordReader;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import scala.reflect.ClassTag$;

/** Ingests files into the tables of documents and rejects. A file is the unit of parallelism. */
public final class Ingest {
  private Ingest() {}

  /**
   * Ingests the given files, all or none of them.
   *
   * @param files of this run, as {@link Inputs#pending} found them
   * @throws Failure.BadInput before any work if a file cannot be what its corpus says, and after
   *     reading if more of a corpus is rejected than {@code ingest.max-rejected-share}
   */
  public static StageResult run(
      StageContext context, IngestConfig config, LabelSets labels, List<InputFile> files) {
    context.artefacts().requireUnpublished(Intake.folder(context.run()));
    Map<String, Corpus> corpora =
        config.corpora().stream().collect(Collectors.toMap(Corpus::name, corpus -> corpus));
    config.corpora().forEach(corpus -> InputCheck.requireHeads(corpus, labels));
    probe(context, corpora, files);

    Dataset<Row> outcomes = outcomes(context, corpora, labels, files);
    outcomes.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Counts counts =
          context.describe("ingest: read and map records", () -> write(context, config, outcomes));
      return publish(context, files, counts);
    } finally {
      outcomes.unpersist();
    }
  }

  private static Counts write(StageContext context, IngestConfig config, Dataset<Row> outcomes) {
    Counts counts = Counts.of(outcomes, config.maxRejectedShare());
    Dataset<Row> isDocument = outcomes.where(col(DocumentMapper.REJECTED + "reason").isNull());
    Dataset<Row> isReject = outcomes.where(col(DocumentMapper.REJECTED + "reason").isNotNull());
    String run = context.run().id();
    context
        .tables()
        .replaceRun(Documents.SCHEMA, run, select(isDocument, "", Documents.SCHEMA.columns()));
    context
        .tables()
        .replaceRun(
            Rejects.SCHEMA,
            run,
            select(isReject, DocumentMapper.REJECTED, Rejects.SCHEMA.columns()));
    return counts;
  }

  private static StageResult publish(StageContext context, List<InputFile> files, Counts counts) {
    StageInputs inputs = context.inputs(Stage.INGEST);
    files.forEach(
        file ->
            inputs.record(file.path(), "%d bytes, %d".formatted(file.bytes(), file.modified())));
    Map<String, Long> published =
        Map.of(
            "files", (long) files.size(),
            "documents", counts.documents(),
            "rejected", counts.rejected());
    context
        .artefacts()
        .publish(
            Intake.folder(context.run()),
            inputs.provenance(),
            staging -> {
              staging.write(Intake.FILE_NAME, Json.pretty(new Intake(files)));
              return published;
            });
    return new StageResult(
        Intake.folder(context.run()),
        "%,d documents from %,d files, %,d records rejected"
            .formatted(counts.documents(), files.size(), counts.rejected()),
        published);
  }

  private static void probe(
      StageContext context, Map<String, Corpus> corpora, List<InputFile> files) {
    Configuration hadoop = context.spark().sparkContext().hadoopConfiguration();
    for (InputFile file : files) {
      Corpus corpus = corpora.get(file.corpus());
      if (corpus.format().of(file.path()) == Format.PARQUET) {
        StructType columns = context.spark().read().parquet(file.path()).schema();
        InputCheck.requireColumns(corpus, file, Set.of(columns.fieldNames()));
      } else if (corpus.format() != Format.TEXT_FOLDERS || file.equals(files.get(0))) {
        InputCheck.requireReadable(corpus, file, hadoop);
      }
    }
  }

  private static Dataset<Row> outcomes(
      StageContext context, Map<String, Corpus> corpora, LabelSets labels, List<InputFile> files) {
    Map<String, DocumentMapper> mappers = new TreeMap<>();
    corpora.forEach(
        (name, corpus) ->
            mappers.put(name, new DocumentMapper(corpus, labels, context.run().id())));
    List<InputFile> texts = new ArrayList<>();
    List<Dataset<Row>> parts = new ArrayList<>();
    for (InputFile file : files) {
      Corpus corpus = corpora.get(file.corpus());
      if (corpus.format().of(file.path()) == Format.PARQUET) {
        parts.add(parquet(context, file, mappers.get(file.corpus())));
      } else {
        texts.add(file);
      }
    }
    if (!texts.isEmpty()) {
      parts.add(texts(context, corpora, mappers, texts));
    }
    return parts.stream()
        .reduce(Dataset::union)
        .orElseGet(() -> context.spark().createDataFrame(List.of(), DocumentMapper.OUTCOME));
  }

  private static Dataset<Row> texts(
      StageContext context,
      Map<String, Corpus> corpora,
      Map<String, DocumentMapper> mappers,
      List<InputFile> files) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(context.spark().sparkContext());
    Broadcast<SerializableConfiguration> hadoop =
        context
            .spark()
            .sparkContext()
            .broadcast(
                new SerializableConfiguration(context.spark().sparkContext().hadoopConfiguration()),
                ClassTag$.MODULE$.apply(SerializableConfiguration.class));
    int slices = Math.min(files.size(), spark.defaultParallelism() * 4);
    Map<String, Corpus> named = new TreeMap<>(corpora);
    JavaRDD<Row> rows =
        spark
            .parallelize(files, slices)
            .flatMap(file -> read(file, named, mappers, hadoop.value().value()));
    return context.spark().createDataFrame(rows, DocumentMapper.OUTCOME);
  }

  private static Iterator<Row> read(
      InputFile file,
      Map<String, Corpus> corpora,
      Map<String, DocumentMapper> mappers,
      Configuration hadoop)
      throws IOException {
    RecordReader records =
        RecordReader.open(corpora.get(file.corpus()).layout(), file.path(), hadoop);
    DocumentMapper mapper = mappers.get(file.corpus());
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return records.hasNext();
      }

      @Override
      public Row next() {
        return mapper.map(file.path(), records.next());
      }
    };
  }

  /** Reads every column as text: what a label or a date means is decided in one place. */
  private static Dataset<Row> parquet(StageContext context, InputFile file, DocumentMapper mapper) {
    Dataset<Row> table = context.spark().read().parquet(file.path());
    String[] names = table.columns();
    Column[] columns =
        Arrays.stream(names)
            .map(name -> table.col("`" + name + "`").cast("string"))
            .toArray(Column[]::new);
    String path = file.path();
    JavaRDD<Row> rows =
        table
            .select(columns)
            .javaRDD()
            .zipWithIndex()
            .map(row -> mapper.map(path, fromRow(row._1(), names, row._2() + 1)));
    return context.spark().createDataFrame(rows, DocumentMapper.OUTCOME);
  }

  private static RawRecord fromRow(Row row, String[] names, long line) {
    Map<String, String> fields = new TreeMap<>();
    for (int i = 0; i < names.length; i++) {
      if (!row.isNullAt(i) && !row.getString(i).isEmpty()) {
        fields.put(names[i], row.getString(i));
      }
    }
    return RawRecord.of(line, fields, fields.toString());
  }

  private static Dataset<Row> select(Dataset<Row> outcomes, String prefix, StructType columns) {
    return outcomes.select(
        Arrays.stream(columns.fieldNames())
            .map(name -> col(prefix + name).as(name))
            .toArray(Column[]::new));
  }

  /** Counts documents and rejects. */
  private record Counts(long documents, long rejected) {

    /** Counts in one pass; fails if too much of a corpus was rejected. */
    static Counts of(Dataset<Row> outcomes, double maxRejectedShare) {
      Column corpus =
          org.apache.spark.sql.functions.coalesce(
              col(Documents.CORPUS), col(DocumentMapper.REJECTED + Rejects.CORPUS));
      Column rejected = col(DocumentMapper.REJECTED + Rejects.REASON).isNotNull();
      List<Row> counts =
          outcomes
              .groupBy(corpus.as("corpus"))
              .agg(
                  count(lit(1)),
                  count(org.apache.spark.sql.functions.when(rejected, 1)),
                  first(col(DocumentMapper.REJECTED + Rejects.FILE), true),
                  first(col(DocumentMapper.REJECTED + Rejects.LINE), true),
                  first(col(DocumentMapper.REJECTED + Rejects.DETAIL), true))
              .collectAsList();
      long records = 0;
      long rejects = 0;
      for (Row row : counts) {
        long all = row.getLong(1);
        long bad = row.getLong(2);
        if (bad > maxRejectedShare * all) {
          throw new Failure.BadInput(
              "Corpus '%s' is not what its configuration says: %,d of %,d records were rejected,"
                  + " the first in '%s', line %d: %s; correct corpora.columns, corpora.label-values or"
                  + " heads, or raise ingest.max-rejected-share",
              row.getString(0), bad, all, row.getString(3), row.getLong(4), row.getString(5));
        }
        records += all;
        rejects += bad;
      }
      return new Counts(records - rejects, rejects);
    }
  }
}
