package io.attune.pipeline.stage.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.TestNight;
import io.attune.schemas.table.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class WordCountsTest {
  private static final StructType COLUMNS =
      new StructType()
          .add(Documents.TITLE, DataTypes.StringType)
          .add(Documents.TEXT, DataTypes.StringType);

  /** Returns texts of words of which many occur equally often. */
  private static List<Row> texts() {
    Random random = new Random(5);
    List<Row> texts = new ArrayList<>();
    for (int text = 0; text < 60; text++) {
      StringBuilder words = new StringBuilder();
      for (int word = 0; word < 20; word++) {
        int number = (int) Math.abs(random.nextGaussian() * 150);
        words.append(Integer.toString(number + 500, 26).replaceAll("[0-9]", "z")).append(' ');
      }
      texts.add(RowFactory.create(null, words.append("手机很好").toString()));
    }
    return texts;
  }

  private static Map<String, Long> counted(Dataset<Row> documents, long most) {
    Broadcast<byte[]> splitter =
        Tokenize.broadcast(TestNight.spark(), TokenizerJson.splitter(true));
    try {
      WordTable table = WordCounts.of(documents, splitter, most);
      Map<String, Long> words = new TreeMap<>();
      table.forEach(
          (points, length, count) ->
              assertThat(words.put(new String(points, 0, length), count)).isNull());
      assertThat(table.words()).isEqualTo(words.size());
      return words;
    } finally {
      splitter.destroy();
    }
  }

  @Test
  void countsEveryWordOfTheTexts() {
    Map<String, Long> expected = new TreeMap<>();
    for (Row text : texts()) {
      for (String word : text.getString(1).split(" ", -1)) {
        expected.merge(word, 1L, Long::sum);
      }
    }
    Dataset<Row> documents = TestNight.spark().createDataFrame(texts(), COLUMNS);

    assertThat(counted(documents, 1_000_000)).isEqualTo(expected);
    assertThat(counted(documents.repartition(7), 1_000_000)).isEqualTo(expected);
  }

  @Test
  void takesTheMostFrequentWordsAndOfEquallyFrequentOnesTheFirstByAHash() {
    Dataset<Row> documents = TestNight.spark().createDataFrame(texts(), COLUMNS);
    Map<String, Long> all = counted(documents, 1_000_000);
    List<Row> rows = new ArrayList<>();
    all.forEach((word, count) -> rows.add(RowFactory.create(word, count)));
    List<Row> ordered =
        TestNight.spark()
            .createDataFrame(
                rows,
                new StructType().add("word", DataTypes.StringType).add("count", DataTypes.LongType))
            .selectExpr("word", "count", "xxhash64(word) AS hash")
            .orderBy(
                org.apache.spark.sql.functions.col("count").desc(),
                org.apache.spark.sql.functions.col("hash"))
            .collectAsList();

    for (int most : new int[] {1, 2, 17, 60, all.size() - 1, all.size()}) {
      assertThat(counted(documents, most).keySet())
          .containsExactlyInAnyOrderElementsOf(
              ordered.subList(0, most).stream().map(row -> row.getString(0)).toList());
    }
  }

  @Test
  void keepsWordsAndCountsOfAnySize() {
    Map<String, Long> words =
        Map.of("a", 1L, "手机", 127L, "😀b", 128L, "x".repeat(64), Long.MAX_VALUE, "é", 1L << 40);

    Map<String, Long> read = new TreeMap<>();
    WordTable.of(words)
        .forEach((points, length, count) -> read.put(new String(points, 0, length), count));

    assertThat(read).isEqualTo(new TreeMap<>(words));
  }
}
