package io.attune.pipeline.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.CleanRows;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;

class SplitsTest {
  private static final SplitConfig HASH = new SplitConfig(SplitConfig.By.HASH, 0.1, 0.2, 7, null);
  private static final SplitConfig TIME = new SplitConfig(SplitConfig.By.TIME, 0.1, 0.2, 7, null);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static Map<String, String> splits(Dataset<Row> documents, SplitConfig config) {
    Map<String, String> splits = new TreeMap<>();
    Splits.assign(documents, config)
        .select(Documents.ID, Splits.SPLIT)
        .collectAsList()
        .forEach(row -> splits.put(row.getString(0), row.getString(1)));
    return splits;
  }

  private static CleanRows documents(int number, Map<String, ?> fields) {
    CleanRows rows = new CleanRows();
    for (int i = 0; i < number; i++) {
      rows.add("d" + i, fields);
    }
    return rows;
  }

  private static CleanRows daily(int number) {
    CleanRows rows = new CleanRows();
    for (int i = 0; i < number; i++) {
      rows.add("d%03d".formatted(i), labelled(START.plus(Duration.ofHours(7L * i))));
    }
    return rows;
  }

  private static Map<String, Object> labelled(Instant published) {
    return Map.of(Documents.PUBLISHED_AT, published, Documents.LABELS, Map.of("mood", "good"));
  }

  private static long count(Map<String, String> splits, String split) {
    return splits.values().stream().filter(split::equals).count();
  }

  @Test
  void hashDividesByTheShares() {
    Map<String, String> splits = splits(documents(2000, Map.of()).table(), HASH);

    assertThat(count(splits, "test")).isBetween(340L, 460L);
    assertThat(count(splits, "validation")).isBetween(150L, 250L);
  }

  @Test
  void hashKeepsADocumentInItsSplitWhateverElseThereIs() {
    Map<String, String> few = splits(documents(50, Map.of()).table(), HASH);
    Map<String, String> many = splits(documents(500, Map.of()).reversed(5), HASH);

    assertThat(many).containsAllEntriesOf(few);
  }

  @Test
  void hashIsTheOneThatIsSpecified() {
    assertThat(splits(documents(40, Map.of()).table(), HASH)).isEqualTo(expected(40));
  }

  private static Map<String, String> expected(int number) {
    Map<String, String> expected = new HashMap<>();
    for (int i = 0; i < number; i++) {
      double place = place("7:d" + i);
      expected.put("d" + i, place < 0.2 ? "test" : place < 0.2 + 0.1 ? "validation" : "train");
    }
    return expected;
  }

  private static double place(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return new BigInteger(1, hash).shiftRight(256 - 52).doubleValue() * 0x1p-52;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anotherSeedDividesOtherwise() {
    Dataset<Row> documents = documents(100, Map.of()).table();

    assertThat(splits(documents, new SplitConfig(SplitConfig.By.HASH, 0.1, 0.2, 8, null)))
        .isNotEqualTo(splits(documents, HASH));
  }

  @Test
  void timeTestsOnTheLatestAndValidatesBefore() {
    Map<String, String> splits = splits(daily(100).table(), TIME);

    for (int i = 0; i < 100; i++) {
      assertThat(splits.get("d%03d".formatted(i)))
          .isEqualTo(i < 70 ? "train" : i < 80 ? "validation" : "test");
    }
  }

  @Test
  void timeDependsNeitherOnOrderNorOnPartitions() {
    CleanRows rows = daily(60);

    assertThat(splits(rows.reversed(7), TIME)).isEqualTo(splits(rows.table(), TIME));
  }

  @Test
  void timeKeepsAnInstantTogetherAndTrainsOnUndatedRows() {
    CleanRows rows = new CleanRows();
    for (int i = 0; i < 12; i++) {
      rows.add("d" + i, labelled(START.plus(Duration.ofDays(i / 4))));
    }
    rows.add("undated", Map.of());

    Map<String, String> splits = splits(rows.table(), TIME);

    assertThat(splits.get("undated")).isEqualTo("train");
    for (int i = 0; i < 12; i++) {
      assertThat(splits.get("d" + i)).isEqualTo(i < 4 ? "train" : i < 8 ? "validation" : "test");
    }
  }

  @Test
  void timeCutsWithinADayAndBefore1970() {
    CleanRows rows = new CleanRows();
    Instant old = Instant.parse("1969-12-31T00:00:00Z");
    for (int i = 0; i < 10; i++) {
      rows.add("d" + i, labelled(old.plus(Duration.ofMinutes(i))));
    }

    Map<String, String> splits = splits(rows.table(), TIME);

    assertThat(splits).containsEntry("d6", "train").containsEntry("d7", "validation");
    assertThat(splits).containsEntry("d8", "test").containsEntry("d9", "test");
  }

  @Test
  void documentsWithoutLabelsDoNotMakeUpTheFractionsOfTime() {
    CleanRows mixed = daily(100);
    for (int i = 0; i < 300; i++) {
      Instant late = START.plus(Duration.ofDays(10 + i));
      mixed.add("unlabelled" + i, Map.of(Documents.PUBLISHED_AT, late));
    }

    Splits.Division division = Splits.divide(mixed.table(), TIME, Optional.empty());

    assertThat(division.cuts())
        .isEqualTo(Splits.divide(daily(100).table(), TIME, Optional.empty()).cuts());
  }

  @Test
  void timeWithoutDatesSaysWhatToDo() {
    assertThatThrownBy(() -> Splits.assign(documents(3, Map.of()).table(), TIME))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("no labelled document without a declared split has a date")
        .hasMessageContaining("split.by=hash");
  }

  @Test
  void aDeclaredSplitIsKeptAndADeclaredTestIsTheOnlyOne() {
    CleanRows rows = documents(200, Map.of());
    rows.add("t1", Map.of(Documents.DECLARED_SPLIT, "test"));
    rows.add("t2", Map.of(Documents.DECLARED_SPLIT, "train"));

    Map<String, String> splits = splits(rows.table(), HASH);

    assertThat(splits).containsEntry("t1", "test").containsEntry("t2", "train");
    assertThat(count(splits, "test")).isEqualTo(1);
    assertThat(count(splits, "validation")).isPositive();
  }

  @Test
  void declaredTrainGivesUpAShareOnlyWhereNothingElseValidates() {
    CleanRows declared = documents(300, Map.of(Documents.DECLARED_SPLIT, "train"));
    declared.add("t", Map.of(Documents.DECLARED_SPLIT, "test"));

    for (SplitConfig config : List.of(HASH, TIME)) {
      Map<String, String> alone = splits(declared.table(), config);
      assertThat(count(alone, "validation")).isBetween(10L, 60L);
      assertThat(count(alone, "test")).isEqualTo(1);
    }

    declared.add("v", Map.of(Documents.DECLARED_SPLIT, "validation"));
    assertThat(count(splits(declared.table(), HASH), "validation")).isEqualTo(1);
  }

  @Test
  void refusesASplitOfAnotherName() {
    CleanRows rows = documents(2, Map.of()).add("x", Map.of(Documents.DECLARED_SPLIT, "dev"));

    assertThatThrownBy(() -> Splits.assign(rows.table(), HASH))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("'dev'")
        .hasMessageContaining("train, validation or test");
  }

  @Test
  void refusesSharesThatLeaveNothingToTrainOn() {
    assertThatThrownBy(() -> new SplitConfig(SplitConfig.By.HASH, 0.5, 0.5, 1, null))
        .hasMessageContaining("got 0.5 and 0.5");
    assertThatThrownBy(() -> new SplitConfig(SplitConfig.By.HASH, 0.1, 1.0, 1, null))
        .hasMessageContaining("test must be in [0, 1), got 1.0");
  }

  @Test
  void nearCopiesAreInOneSplitWhateverDividesThem() {
    CleanRows rows = new CleanRows();
    for (int i = 0; i < 200; i++) {
      Instant date = START.plus(Duration.ofDays(i));
      Instant since = START.plus(Duration.ofDays(i / 4));
      rows.add(
          "d%03d".formatted(i),
          Map.of(
              Documents.LABELS,
              Map.of("mood", "good"),
              CleanDocuments.CLUSTER,
              "d%03d".formatted(i - i % 4),
              Documents.PUBLISHED_AT,
              date,
              CleanDocuments.CLUSTER_SINCE,
              since));
    }
    for (SplitConfig config : List.of(HASH, TIME)) {
      Map<String, String> splits = splits(rows.table(), config);
      for (int i = 0; i < 200; i++) {
        assertThat(splits.get("d%03d".formatted(i)))
            .isEqualTo(splits.get("d%03d".formatted(i - i % 4)));
      }
      assertThat(splits.values()).contains("train", "validation", "test");
    }
    SplitCheck.requireNoCopiesAcross(Splits.assign(rows.table(), HASH));
  }

  @Test
  void aGroupIsInOneSplitAndANearCopyFollowsTheFirstOfItsCluster() {
    CleanRows rows = new CleanRows();
    for (int i = 0; i < 300; i++) {
      rows.add("d" + i, Map.of(Documents.EXTRA, Map.of("ticker", "T" + i % 60)));
    }
    for (int i = 0; i < 60; i++) {
      rows.add(
          "copy" + i,
          Map.of(CleanDocuments.CLUSTER, "d" + i, Documents.EXTRA, Map.of("ticker", "else")));
    }
    rows.add("without", Map.of());
    SplitConfig byTicker = new SplitConfig(SplitConfig.By.HASH, 0.2, 0.2, 7, "ticker");

    Map<String, String> splits = splits(rows.table(), byTicker);

    for (int i = 0; i < 300; i++) {
      assertThat(splits.get("d" + i)).isEqualTo(splits.get("d" + i % 60));
    }
    for (int i = 0; i < 60; i++) {
      assertThat(splits.get("copy" + i)).isEqualTo(splits.get("d" + i));
    }
    assertThat(splits).hasSize(361);
    assertThat(splits.values()).contains("train", "validation", "test");
    assertThat(splits(rows.reversed(5), byTicker)).isEqualTo(splits);
  }

  @Test
  void groupsAreNotDividedByTime() {
    assertThatThrownBy(() -> new SplitConfig(SplitConfig.By.TIME, 0.1, 0.1, 7, "source"))
        .hasMessageContaining("group is 'source', and by is time");
  }

  @Test
  void timeCutsNeverMoveBack() {
    Splits.Division first = Splits.divide(daily(100).table(), TIME, Optional.empty());
    CleanRows more = daily(100);
    for (int i = 0; i < 100; i++) {
      more.add("old" + i, labelled(START.minus(Duration.ofDays(i))));
    }
    Splits.Division alone = Splits.divide(more.table(), TIME, Optional.empty());
    Splits.Division next = Splits.divide(more.table(), TIME, first.cuts());

    assertThat(alone.cuts().orElseThrow().testFrom())
        .isLessThan(first.cuts().orElseThrow().testFrom());
    assertThat(next.cuts()).isEqualTo(first.cuts());
    assertThat(
            Splits.divide(daily(200).table(), TIME, first.cuts()).cuts().orElseThrow().testFrom())
        .isGreaterThan(first.cuts().orElseThrow().testFrom());
  }

  @Test
  void aTornClusterAndATornTextEndTheRun() {
    Map<String, String> train = Map.of(CleanDocuments.CLUSTER, "a", Splits.SPLIT, "train");
    Dataset<Row> torn =
        new CleanRows()
            .add("a", train)
            .add("b", train)
            .add("c", Map.of(CleanDocuments.TEXT_HASH, "h"))
            .add("d", Map.of(CleanDocuments.TEXT_HASH, "h"))
            .table()
            .withColumn(
                Splits.SPLIT,
                functions
                    .when(functions.col(Documents.ID).isin("b", "d"), "test")
                    .otherwise("train"));

    assertThatThrownBy(() -> SplitCheck.requireNoCopiesAcross(torn))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("Documents with the same text are in different splits")
        .hasMessageContaining("'d' in test and 'c' in train");
    assertThatThrownBy(() -> SplitCheck.requireNoCopiesAcross(torn.where("id IN ('a', 'b')")))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("nearly the same text")
        .hasMessageContaining("'b' in test and 'a' in train");
  }
}
