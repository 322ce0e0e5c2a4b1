package io.attune.pipeline.stage.train;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.bundle.TestTokenizer;
import io.attune.schemas.Sha256;
import io.attune.schemas.json.Json;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.shard.ShardIndex.Shard;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Publishes the documents of {@link TestDataset} with their texts in the table of documents. */
final class TextDataset {
  private static final StructType ROWS =
      new StructType()
          .add(TokenRows.ID, DataTypes.StringType)
          .add(TokenRows.TOKENS, DataTypes.createArrayType(DataTypes.IntegerType, false))
          .add(TokenRows.LABELS, DataTypes.createArrayType(DataTypes.IntegerType, false));

  private TextDataset() {}

  /** Publishes one shard of each split; the texts of the first rows may be missing. */
  static void publish(
      StageContext context,
      List<TestDataset.Document> train,
      List<TestDataset.Document> validation,
      int missing) {
    List<Row> documents = new ArrayList<>(documents("train", train));
    documents.addAll(documents("validation", validation));
    context
        .tables()
        .replaceRun(
            CleanDocuments.SCHEMA,
            TestNight.RUN.id(),
            TestNight.spark()
                .createDataFrame(
                    documents.subList(missing, documents.size()), CleanDocuments.SCHEMA.columns()));
    long snapshot = context.tables().snapshot(CleanDocuments.SCHEMA);
    context
        .artefacts()
        .publish(
            context.run().dataset(),
            context.recorder().record("shard", Map.of()),
            staging -> {
              List<Shard> shards = new ArrayList<>();
              for (Split split : List.of(Split.TRAIN, Split.VALIDATION)) {
                List<TestDataset.Document> rows = split == Split.TRAIN ? train : validation;
                byte[] bytes = TestDataset.parquet(rows(split.word(), rows), "134217728");
                String file = "shards/" + split.word() + "-00000.parquet";
                staging.write(file, bytes);
                long tokens =
                    rows.stream().mapToLong(d -> TestTokenizer.ids(d.text()).length).sum();
                shards.add(
                    new Shard(
                        file,
                        split,
                        rows.size(),
                        tokens,
                        Map.of(),
                        bytes.length,
                        Sha256.of(bytes)));
              }
              ShardIndex index =
                  new ShardIndex(
                      ShardIndex.VERSION,
                      Sha256.of(TestTokenizer.json()),
                      TestTokenizer.WORDS.size(),
                      TestDataset.MAX_TOKENS,
                      snapshot,
                      shards,
                      Map.of());
              staging.write(ShardIndex.FILE_NAME, Json.pretty(index));
              staging.write("tokenizer.json", TestTokenizer.json());
              staging.write("labels.json", Json.pretty(TestDataset.LABELS));
              return Map.of();
            });
  }

  private static List<Row> documents(String prefix, List<TestDataset.Document> documents) {
    List<Row> rows = new ArrayList<>();
    for (TestDataset.Document document : documents) {
      Map<String, Object> values = new HashMap<>();
      values.put(Documents.ID, prefix + rows.size());
      values.put(Documents.CORPUS, "test");
      values.put(Documents.TEXT, document.text());
      values.put(Documents.RUN, TestNight.RUN.id());
      rows.add(
          RowFactory.create(
              Arrays.stream(CleanDocuments.SCHEMA.columns().fields())
                  .map(StructField::name)
                  .map(values::get)
                  .toArray()));
    }
    return rows;
  }

  private static Dataset<Row> rows(String prefix, List<TestDataset.Document> documents) {
    List<Row> rows = new ArrayList<>();
    for (TestDataset.Document document : documents) {
      rows.add(
          RowFactory.create(
              prefix + rows.size(),
              TestTokenizer.ids(document.text()),
              new int[] {document.topic(), document.sentiment()}));
    }
    return TestNight.spark().createDataFrame(rows, ROWS);
  }
}
