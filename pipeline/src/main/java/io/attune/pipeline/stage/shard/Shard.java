package io.attune.pipeline.stage.shard;

import static org.apache.spark.sql.functions.col;

import io.attune.pipeline.JobDescription;
import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.FileHash;
import io.attune.pipeline.storage.Staging;
import io.attune.pipeline.text.SubwordTokenizer;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LongTexts;
import io.attune.schemas.model.Manifest;
import io.attune.schemas.model.Manifest.FileEntry;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.model.RunEncoder;
import io.attune.schemas.model.RunLanguages;
import io.attune.schemas.model.RunSynonyms;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.shard.ShardRows;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Turns token rows into shuffled Parquet files with an index. */
public final class Shard {
  private static final String WRITTEN = "written";

  /**
   * Sets the size of a row group: small, so that a worker reads little more than the rows it was
   * given; its dictionary of token ids still takes only a few percent of it.
   */
  private static final long ROW_GROUP_BYTES = 1 << 20;

  private Shard() {}

  /**
   * Publishes the dataset of this run from its token rows and its tokenizer. The same rows, seed
   * and target give the same shards to the byte, whatever the rows' order and partitioning.
   *
   * @throws Failure.AlreadyPublished if this run's dataset is published; nothing was done then
   * @throws Failure.BadInput if the run's tokenizer is missing or damaged, or there are no rows
   */
  public static StageResult run(StageContext context, ShardConfig config) {
    String folder = context.run().dataset();
    context.artefacts().requireUnpublished(folder);
    StageInputs inputs = context.inputs(Stage.SHARD);
    Source source = Source.of(context, inputs);
    ShardPlan plan = ShardPlan.of(source.rows(), config);
    if (plan.total() == 0) {
      throw new Failure.BadInput(
          "The table '%s' holds no rows of run %s, though its tokenizer is published; remove '%s'"
              + " and run tokenize again",
          TokenRows.SCHEMA.name(),
          context.run().id(),
          context.storage().resolve(context.run().tokenizer()));
    }
    Manifest manifest =
        context
            .artefacts()
            .publish(folder, inputs.provenance(), staging -> write(staging, source, plan));
    return new StageResult(folder, summary(manifest.counts()), manifest.counts());
  }

  /**
   * Holds what a dataset is made from.
   *
   * @param vocabulary number of token ids; with an encoder the rows of its embedding
   * @param copied the bytes of the files that the dataset has a copy of, by name
   * @param documents snapshot of the table of clean documents
   * @param columns of the shards
   */
  private record Source(
      Dataset<Row> rows,
      SubwordTokenizer tokenizer,
      int vocabulary,
      Map<String, byte[]> copied,
      LabelSets labels,
      long documents,
      StructType columns) {

    static Source of(StageContext context, StageInputs inputs) {
      Artefact published =
          inputs.open("tokenizer", context.run().tokenizer(), ModelBundle.TOKENIZER).verify();
      Map<String, byte[]> copied = new TreeMap<>();
      for (String name : List.of(ModelBundle.TOKENIZER, ModelBundle.LABELS)) {
        copied.put(name, published.bytes(name));
      }
      SubwordTokenizer tokenizer = SubwordTokenizer.shared(copied.get(ModelBundle.TOKENIZER));
      Optional<RunEncoder> encoder = published.find(RunEncoder.FILE_NAME, RunEncoder.class);
      int vocabulary =
          encoder.map(used -> used.card().vocabulary()).orElseGet(tokenizer::vocabulary);
      Optional<LongTexts> longTexts = published.find(LongTexts.FILE_NAME, LongTexts.class);
      for (String name :
          List.of(
              RunEncoder.FILE_NAME,
              RunLanguages.FILE_NAME,
              RunSynonyms.FILE_NAME,
              LongTexts.FILE_NAME)) {
        if (published.manifest().sha256Of(name).isPresent()) {
          copied.put(name, published.bytes(name));
        }
      }
      String documents = published.provenance().inputs().get(CleanDocuments.SCHEMA.name());
      inputs.record(CleanDocuments.SCHEMA.name(), documents);
      inputs.snapshot(TokenRows.SCHEMA);
      Dataset<Row> rows = context.tables().readRun(TokenRows.SCHEMA, context.run().id());
      TokenRows.SCHEMA.requireIn(rows.schema());
      return new Source(
          rows,
          tokenizer,
          vocabulary,
          copied,
          published.json(ModelBundle.LABELS, LabelSets.class),
          Long.parseLong(documents),
          longTexts.filter(LongTexts::isWindows).isPresent()
                  || copied.containsKey(RunSynonyms.FILE_NAME)
              ? ShardRows.WINDOWS_SCHEMA
              : ShardRows.SCHEMA);
    }
  }

  private static Map<String, Long> write(Staging staging, Source source, ShardPlan plan)
      throws IOException {
    for (Map.Entry<String, byte[]> file : source.copied().entrySet()) {
      staging.write(file.getKey(), file.getValue());
    }
    String written = staging.resolve(WRITTEN).toString();
    SparkSession spark = source.rows().sparkSession();
    Dataset<Row> rows =
        JobDescription.during(
            spark, "shard: shuffle and write rows", () -> writeRows(source, plan, written));
    ShardSummary summary = ShardSummary.of(rows);
    Map<Integer, String> names = moveIntoPlace(staging, summary, plan);
    staging.remove(WRITTEN);
    List<ShardIndex.Shard> shards = describe(staging, spark, summary, plan, names);
    ShardIndex index =
        new ShardIndex(
            ShardIndex.VERSION,
            source.tokenizer().sha256(),
            source.vocabulary(),
            summary.longest(),
            source.documents(),
            shards,
            summary.labelCounts(source.labels(), plan),
            source.columns().equals(ShardRows.WINDOWS_SCHEMA) ? summary.texts(plan) : null);
    staging.write(ShardIndex.FILE_NAME, Json.pretty(index));
    return counts(index);
  }

  /** Writes one file for each shard, in folders by its number, and returns the written rows. */
  private static Dataset<Row> writeRows(Source source, ShardPlan plan, String folder) {
    StructType columns = source.columns().add(ShardPlan.SHARD, DataTypes.IntegerType);
    plan.assign(source.rows())
        .repartition(plan.total(), col(ShardPlan.SHARD))
        .sortWithinPartitions(ShardPlan.SHARD, ShardPlan.KEY, ShardRows.ID, ShardRows.WINDOW)
        .select(Arrays.stream(columns.fieldNames()).map(functions::col).toArray(Column[]::new))
        .write()
        .partitionBy(ShardPlan.SHARD)
        .option("compression", "zstd")
        .option("parquet.block.size", ROW_GROUP_BYTES)
        .option("maxRecordsPerFile", 0)
        .parquet(folder);
    return source.rows().sparkSession().read().schema(columns).parquet(folder);
  }

  /** Renames each file to its final name, numbered within its split. */
  private static Map<Integer, String> moveIntoPlace(
      Staging staging, ShardSummary summary, ShardPlan plan) throws IOException {
    Map<Split, Integer> numbers = new EnumMap<>(Split.class);
    Map<Integer, String> names = new TreeMap<>();
    for (int shard : summary.shards().keySet()) {
      String folder = WRITTEN + "/" + ShardPlan.SHARD + "=" + shard;
      List<String> files = staging.list(folder);
      if (files.size() != 1) {
        throw new IllegalStateException("Expected one file of shard " + shard + ", got " + files);
      }
      Split split = plan.splitOf(shard);
      String name = ShardRows.file(split, numbers.merge(split, 1, Integer::sum) - 1);
      staging.move(folder + "/" + files.get(0), name);
      names.put(shard, name);
    }
    return names;
  }

  private static List<ShardIndex.Shard> describe(
      Staging staging,
      SparkSession spark,
      ShardSummary summary,
      ShardPlan plan,
      Map<Integer, String> names) {
    List<String> files =
        names.values().stream().map(name -> staging.resolve(name).toString()).toList();
    Iterator<FileHash> hashes =
        JobDescription.during(spark, "shard: hash files", () -> FileHash.of(spark, files))
            .iterator();
    List<ShardIndex.Shard> shards = new ArrayList<>();
    names.forEach(
        (number, name) -> {
          ShardSummary.Content content = summary.shards().get(number);
          FileHash hash = hashes.next();
          if (hash.state() != FileHash.State.READ) {
            throw new Failure.BadInput(
                "'%s' was written a moment ago, and is %s now; check the file system, and run the"
                    + " shard stage again",
                staging.resolve(name), hash.state().name().toLowerCase(Locale.ROOT));
          }
          staging.measured(new FileEntry(name, hash.bytes(), hash.sha256()));
          shards.add(
              new ShardIndex.Shard(
                  name,
                  plan.splitOf(number),
                  Math.toIntExact(content.rows()),
                  content.tokens(),
                  content.lengths(),
                  hash.bytes(),
                  hash.sha256()));
        });
    return shards;
  }

  private static Map<String, Long> counts(ShardIndex index) {
    Map<String, Long> counts = new TreeMap<>();
    counts.put("shards", (long) index.shards().size());
    counts.put("bytes", index.shards().stream().mapToLong(ShardIndex.Shard::bytes).sum());
    for (Split split : Split.values()) {
      counts.put("rows." + split.word(), index.rows(split));
      counts.put("tokens." + split.word(), index.tokens(split));
      counts.merge("rows", index.rows(split), Long::sum);
      counts.merge("documents", index.texts(split), Long::sum);
      counts.merge("tokens", index.tokens(split), Long::sum);
    }
    return counts;
  }

  private static String summary(Map<String, Long> counts) {
    return String.format(
        Locale.ROOT,
        "%,d rows, %,d tokens in %,d shards, %.1f MB",
        counts.get("rows"),
        counts.get("tokens"),
        counts.get("shards"),
        counts.get("bytes") / 1e6);
  }
}
