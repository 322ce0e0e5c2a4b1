package io.attune.pipeline.stage.ingest;

import static org.apache.spark.sql.functions.col;

import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.storage.Scratch;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.IntakeRecord;
import io.attune.schemas.model.IntakeRecord.IngestedFile;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.reflect.ClassTag$;

/**
 * Ingests files into the tables of documents and rejects. Every record is read and mapped once; the
 * outcome is kept on local disks until both tables are written, so that memory does not grow with
 * the input.
 */
public final class Ingest {
  private final StageContext context;
  private final IngestConfig config;
  private final Map<String, Corpus> corpora;
  private final Map<String, DocumentMapper> mappers = new TreeMap<>();
  private final ColumnarRows columnar;
  private final Configuration hadoop;
  private final boolean again;

  private Ingest(StageContext context, IngestConfig config, LabelSets labels, boolean again) {
    this.context = context;
    this.config = config;
    this.corpora =
        config.corpora().stream().collect(Collectors.toMap(Corpus::name, corpus -> corpus));
    corpora.forEach(
        (name, corpus) ->
            mappers.put(name, new DocumentMapper(corpus, labels, context.run().id())));
    this.columnar = new ColumnarRows(context.spark(), config.maxRejectsPerFile());
    this.hadoop = context.spark().sparkContext().hadoopConfiguration();
    this.again = again;
  }

  /**
   * Ingests the given files, all or none of them.
   *
   * @param files of this run, as {@link Inputs#pending} found them
   * @throws Failure.BadInput before any work if a file cannot be what its corpus says, and after
   *     reading if more of a corpus is rejected than {@code ingest.max-rejected-share}
   */
  public static StageResult run(
      StageContext context, IngestConfig config, LabelSets labels, List<InputFile> files) {
    return new Ingest(checked(context, config, labels), config, labels, false).run(files);
  }

  /**
   * Ingests all files again, since what is read in them has changed: their documents take the place
   * of those that earlier runs read in them.
   *
   * @param files as {@link Inputs#all} found them
   * @throws Failure.BadInput as {@link #run} does
   */
  public static StageResult runAgain(
      StageContext context, IngestConfig config, LabelSets labels, List<InputFile> files) {
    return new Ingest(checked(context, config, labels), config, labels, true).run(files);
  }

  private static StageContext checked(StageContext context, IngestConfig config, LabelSets labels) {
    context.artefacts().requireUnpublished(Intake.folder(context.run()));
    config.corpora().forEach(corpus -> InputCheck.requireHeads(corpus, labels));
    return context;
  }

  /**
   * Reads the documents of files, as a run would ingest them, and writes nothing: what is rejected
   * is recorded when a run ingests the files.
   *
   * @throws Failure.BadInput if a file cannot be what its corpus says
   */
  public static Dataset<Row> read(
      StageContext context, IngestConfig config, LabelSets labels, List<InputFile> files) {
    Ingest ingest = new Ingest(context, config, labels, false);
    Probe probe = Probe.of(ingest.corpora, files, ingest.columnar, ingest.hadoop);
    probe.warnings().forEach(context.progress()::warn);
    Dataset<Row> documents = ingest.outcomes(probe).where(Outcome.isDocument());
    return select(documents, "", Documents.SCHEMA.columns());
  }

  private StageResult run(List<InputFile> files) {
    Probe probe = Probe.of(corpora, files, columnar, hadoop);
    if (!context.tables().exists(Documents.SCHEMA)) {
      probe.requireAny();
    }
    probe.warnings().forEach(context.progress()::warn);
    try (Scratch scratch = new Scratch()) {
      Dataset<Row> outcomes = scratch.keepOnDisk(outcomes(probe));
      Accounts accounts =
          context.describe("ingest: read and map records", () -> account(outcomes, probe));
      accounts.requireAccepted(config);
      accounts
          .withoutRow()
          .forEach(
              (file, count) ->
                  context
                      .progress()
                      .warn(
                          "%,d rejects of '%s' have no row of their own (ingest.max-rejects-per-file)"
                              .formatted(count, file.path())));
      if (!again) {
        context.describe("ingest: compare changed files", () -> warnOfVanished(outcomes, probe));
      }
      context.describe("ingest: write documents and rejects", () -> write(outcomes));
      return publish(probe, accounts);
    }
  }

  /** Reads everything: what a file makes Spark's readers throw surfaces here. */
  private Accounts account(Dataset<Row> outcomes, Probe probe) {
    Map<InputFile, Long> footers = new HashMap<>();
    probe.footers().forEach((file, footer) -> footers.put(file, footer.rows()));
    Accounts accounts;
    try {
      accounts = Accounts.of(outcomes, probe.read(), footers);
    } catch (Exception e) { // Spark wraps what a task threw, in a checked exception
      if (Failure.in(e).isPresent()) {
        throw Failure.in(e).get();
      }
      throw e;
    }
    for (InputFile file : probe.footers().keySet()) {
      try {
        FileRows.requireUnchanged(file, hadoop);
      } catch (IOException e) {
        throw Unreadable.failure(file, e);
      }
    }
    return accounts;
  }

  private Void write(Dataset<Row> outcomes) {
    String run = context.run().id();
    context
        .tables()
        .replaceRun(
            Documents.SCHEMA,
            run,
            select(outcomes.where(Outcome.isDocument()), "", Documents.SCHEMA.columns()));
    context
        .tables()
        .replaceRun(
            Rejects.SCHEMA,
            run,
            select(
                outcomes.where(Outcome.isReject()),
                DocumentMapper.REJECTED,
                Rejects.SCHEMA.columns()));
    return null;
  }

  /** Says how many documents of a changed file are no longer in it; they are kept. */
  private Void warnOfVanished(Dataset<Row> outcomes, Probe probe) {
    Set<String> ingested =
        Intake.known(context.storage(), context.run().task()).stream()
            .map(Inputs::key)
            .collect(Collectors.toSet());
    List<String> changed =
        probe.read().stream().map(Inputs::key).filter(ingested::contains).toList();
    if (changed.isEmpty() || !context.tables().exists(Documents.SCHEMA)) {
      return null;
    }
    String key = "key";
    Dataset<Row> before =
        context
            .tables()
            .read(Documents.SCHEMA)
            .where(col(Documents.RUN).notEqual(context.run().id()))
            .withColumn(key, Inputs.key(col(Documents.CORPUS), col(Documents.FILE)))
            .join(context.spark().createDataset(changed, Encoders.STRING()).toDF(key), key)
            .select(Documents.ID, Documents.FILE)
            .distinct();
    Dataset<Row> now =
        outcomes.where(Outcome.isDocument()).select(col(Documents.ID).as("now")).distinct();
    before
        .join(now, col(Documents.ID).equalTo(col("now")), "left_anti")
        .groupBy(Documents.FILE)
        .count()
        .collectAsList()
        .forEach(
            row ->
                context
                    .progress()
                    .warn(
                        "'%s' has changed; %,d documents that it held are no longer in it, and are kept"
                            .formatted(row.getString(0), row.getLong(1))));
    return null;
  }

  private StageResult publish(Probe probe, Accounts accounts) {
    StageInputs inputs = context.inputs(Stage.INGEST);
    List<IngestedFile> files = new ArrayList<>(accounts.ingested(remarks(probe)));
    probe.passedOver().forEach((file, why) -> files.add(Intake.passedOver(file, why)));
    files.sort(Comparator.comparing(IngestedFile::path));
    files.forEach(
        file ->
            inputs.record(file.path(), "%d bytes, %d".formatted(file.bytes(), file.modified())));
    Map<String, Long> published =
        Map.of(
            "files",
            (long) files.size(),
            "documents",
            accounts.documents(),
            "rejected",
            accounts.rejected(),
            "passed-over",
            (long) probe.passedOver().size());
    context
        .artefacts()
        .publish(
            Intake.folder(context.run()),
            inputs.provenance(),
            staging -> {
              staging.write(
                  IntakeRecord.FILE_NAME,
                  Json.pretty(new IntakeRecord(files, again ? true : null)));
              return published;
            });
    String passedOver =
        probe.passedOver().isEmpty()
            ? ""
            : ", %,d files passed over".formatted(probe.passedOver().size());
    return new StageResult(
        Intake.folder(context.run()),
        "%,d documents from %,d files, %,d records rejected%s"
            .formatted(accounts.documents(), probe.read().size(), accounts.rejected(), passedOver),
        published);
  }

  private static Map<InputFile, String> remarks(Probe probe) {
    Map<InputFile, String> remarks = new HashMap<>();
    probe.encodings().forEach((file, encoding) -> remarks.put(file, encoding.remark()));
    return remarks;
  }

  private Dataset<Row> outcomes(Probe probe) {
    Map<String, Map<InputFile, Footer>> columnarFiles = new TreeMap<>();
    List<InputFile> others = new ArrayList<>();
    for (InputFile file : probe.read()) {
      Footer footer = probe.footers().get(file);
      if (footer == null) {
        others.add(file);
      } else {
        columnarFiles
            .computeIfAbsent(file.corpus(), any -> new LinkedHashMap<>())
            .put(file, footer);
      }
    }
    List<JavaRDD<Row>> parts = new ArrayList<>();
    columnarFiles.forEach(
        (name, files) -> parts.addAll(columnar.read(corpora.get(name), files, mappers.get(name))));
    if (!others.isEmpty()) {
      parts.add(read(others));
    }
    return parts.stream()
        .reduce(JavaRDD::union)
        .map(rows -> context.spark().createDataFrame(rows, Outcome.columns()))
        .orElseGet(() -> context.spark().createDataFrame(List.of(), Outcome.columns()));
  }

  /** Reads files record by record. */
  private JavaRDD<Row> read(List<InputFile> files) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(context.spark().sparkContext());
    Broadcast<SerializableConfiguration> configuration =
        context
            .spark()
            .sparkContext()
            .broadcast(
                new SerializableConfiguration(hadoop),
                ClassTag$.MODULE$.apply(SerializableConfiguration.class));
    List<List<Piece>> tasks =
        Packing.pack(pieces(files, spark, configuration), spark.defaultParallelism());
    Map<String, Corpus> named = new TreeMap<>(corpora);
    Map<String, DocumentMapper> mapping = new TreeMap<>(mappers);
    long maxRejects = config.maxRejectsPerFile();
    return spark
        .parallelize(tasks, tasks.size())
        .flatMap(List::iterator)
        .flatMap(
            piece ->
                new FileRows(
                    named.get(piece.file().corpus()),
                    piece,
                    mapping.get(piece.file().corpus()),
                    maxRejects,
                    configuration.value().value()));
  }

  /** Cuts large files, so that each piece holds the records that one reader would find there. */
  private List<Piece> pieces(
      List<InputFile> files,
      JavaSparkContext spark,
      Broadcast<SerializableConfiguration> configuration) {
    PieceChain chain = new PieceChain(PieceChain.on(spark, corpora, configuration));
    List<Piece> cut = Pieces.of(corpora, files, config.splitBytes(), hadoop);
    List<Piece> pieces = context.describe("ingest: cut large files", () -> chain.of(cut));
    chain.warnings().forEach(context.progress()::warn);
    return pieces;
  }

  private static Dataset<Row> select(Dataset<Row> outcomes, String prefix, StructType columns) {
    return outcomes.select(
        Arrays.stream(columns.fieldNames())
            .map(name -> col(prefix + name).as(name))
            .toArray(Column[]::new));
  }
}
