package io.attune.pipeline.stage.train;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.bundle.TestTokenizer;
import io.attune.schemas.Sha256;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.shard.ShardIndex.Shard;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Publishes a small dataset: one word determines the topic, another one and a negation before it
 * determine the sentiment; some labels are missing.
 */
public final class TestDataset {
  public static final LabelSets LABELS =
      new LabelSets(
          List.of(
              new LabelSets.Head("topic", List.of("finance", "phones")),
              new LabelSets.Head("sentiment", List.of("negative", "positive"))));
  public static final int MAX_TOKENS = 12;

  private static final StructType SCHEMA =
      new StructType()
          .add(TokenRows.ID, DataTypes.StringType)
          .add(TokenRows.TOKENS, DataTypes.createArrayType(DataTypes.IntegerType, false))
          .add(TokenRows.LABELS, DataTypes.createArrayType(DataTypes.IntegerType, false));

  private TestDataset() {}

  /** Holds the text and the labels of one row. */
  public record Document(String text, int topic, int sentiment) {}

  public static List<Document> documents(int count, long seed) {
    Random random = new Random(seed);
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int topic = random.nextInt(2);
      boolean good = random.nextBoolean();
      boolean negated = random.nextBoolean();
      String subject =
          List.of("shares", "bank", "phone", "screen").get(2 * topic + random.nextInt(2));
      String text =
          "the %s %s%s%s%s"
              .formatted(
                  subject,
                  random.nextBoolean() ? "is" : "was",
                  negated ? " not" : "",
                  good ? " good" : " bad",
                  " today".repeat(random.nextInt(4)));
      int sentiment = good != negated ? 1 : 0;
      documents.add(new Document(text, topic, random.nextInt(10) == 0 ? -1 : sentiment));
    }
    return documents;
  }

  /** Publishes a dataset of two train shards and one of validation. */
  public static void publish(
      StageContext context, List<Document> train, List<Document> validation) {
    publish(context, train, validation, Map.of());
  }

  /** Publishes a dataset with further files, by name. */
  public static void publish(
      StageContext context,
      List<Document> train,
      List<Document> validation,
      Map<String, byte[]> more) {
    int half = train.size() / 2;
    context
        .artefacts()
        .publish(
            context.run().dataset(),
            context.recorder().record("shard", Map.of()),
            staging -> {
              List<Shard> shards = new ArrayList<>();
              Map<String, byte[]> files =
                  Map.of(
                      "shards/train-00000.parquet",
                          parquet(context.spark(), train.subList(0, half)),
                      "shards/train-00001.parquet",
                          parquet(context.spark(), train.subList(half, train.size())),
                      "shards/validation-00000.parquet", parquet(context.spark(), validation));
              for (String name : files.keySet().stream().sorted().toList()) {
                staging.write(name, files.get(name));
              }
              shards.add(
                  shard("shards/train-00000.parquet", files, Split.TRAIN, train.subList(0, half)));
              shards.add(
                  shard(
                      "shards/train-00001.parquet",
                      files,
                      Split.TRAIN,
                      train.subList(half, train.size())));
              shards.add(
                  shard("shards/validation-00000.parquet", files, Split.VALIDATION, validation));
              ShardIndex index =
                  new ShardIndex(
                      ShardIndex.VERSION,
                      Sha256.of(TestTokenizer.json()),
                      TestTokenizer.WORDS.size(),
                      MAX_TOKENS,
                      1,
                      shards,
                      Map.of(Split.TRAIN.word(), labelCounts(train)));
              staging.write(ShardIndex.FILE_NAME, Json.pretty(index));
              staging.write("tokenizer.json", TestTokenizer.json());
              staging.write("labels.json", Json.pretty(LABELS));
              for (Map.Entry<String, byte[]> file : more.entrySet()) {
                staging.write(file.getKey(), file.getValue());
              }
              return Map.of();
            });
  }

  /** Counts the rows by head and class. */
  private static Map<String, Map<String, Long>> labelCounts(List<Document> documents) {
    Map<String, Map<String, Long>> counts = new TreeMap<>();
    for (int head = 0; head < 2; head++) {
      Map<String, Long> byClass = new TreeMap<>();
      for (Document document : documents) {
        int label = head == 0 ? document.topic() : document.sentiment();
        if (label >= 0) {
          byClass.merge(LABELS.heads().get(head).classes().get(label), 1L, Long::sum);
        }
      }
      counts.put(LABELS.heads().get(head).name(), byClass);
    }
    return counts;
  }

  private static Shard shard(
      String name, Map<String, byte[]> files, Split split, List<Document> documents) {
    byte[] bytes = files.get(name);
    long tokens = documents.stream().mapToLong(d -> TestTokenizer.ids(d.text()).length).sum();
    return new Shard(
        name, split, documents.size(), tokens, Map.of(), bytes.length, Sha256.of(bytes));
  }

  /** Returns the bytes of one Parquet file, as Spark writes it. */
  public static byte[] parquet(SparkSession spark, List<Document> documents) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Document document : documents) {
      rows.add(
          RowFactory.create(
              "id-" + rows.size(),
              TestTokenizer.ids(document.text()),
              new int[] {document.topic(), document.sentiment()}));
    }
    return parquet(spark.createDataFrame(rows, SCHEMA), "134217728");
  }

  public static byte[] parquet(Dataset<Row> rows, String rowGroupBytes) throws IOException {
    Path folder = Files.createTempDirectory("shard");
    try {
      rows.coalesce(1)
          .write()
          .option("parquet.block.size", rowGroupBytes)
          .mode("overwrite")
          .parquet(folder.toUri().toString());
      return Files.readAllBytes(onlyParquetFile(folder));
    } finally {
      FileUtil.fullyDelete(folder.toFile());
    }
  }

  private static Path onlyParquetFile(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
  }
}
