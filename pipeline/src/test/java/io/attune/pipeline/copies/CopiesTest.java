package io.attune.pipeline.copies;

import static io.attune.pipeline.copies.CopyNights.DROP;
import static io.attune.pipeline.copies.CopyNights.FIRST;
import static io.attune.pipeline.copies.CopyNights.KEEP;
import static io.attune.pipeline.copies.CopyNights.SECOND;
import static io.attune.pipeline.copies.DocumentRows.labelled;
import static org.assertj.core.api.Assertions.assertThat;

import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Signatures;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopiesTest {
  @TempDir Path root;

  /** Returns a text of forty words. */
  private static String story(String topic) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      text.append(topic).append(i).append(i % 9 == 8 ? ". " : " ");
    }
    return text.toString();
  }

  private static String edited(String story) {
    return story.replaceAll("\\w+ $", "").strip() + " (agency)";
  }

  private static Map<String, ?> published(String day) {
    return Map.of(Documents.PUBLISHED_AT, Instant.parse(day + "T00:00:00Z"));
  }

  @Test
  void aNearCopyIsRejectedWithTheKeptDocumentAndTheSimilarity() {
    CopyNights nights = new CopyNights(root, DROP);
    DocumentRows rows =
        new DocumentRows(FIRST)
            .add("late", edited(story("oil")), published("2026-01-03"))
            .add("early", story("oil"), published("2026-01-02"))
            .add("other", story("gold"), published("2026-01-01"));

    Map<String, String> reasons = nights.run(FIRST, rows.table());

    assertThat(reasons)
        .containsEntry("late@1", "near-duplicate")
        .containsEntry("early@2", null)
        .containsEntry("other@3", null);
    assertThat(nights.counts().nearRejected()).isEqualTo(1);
    assertThat(nights.detail("late@1"))
        .startsWith("nearly the text of document early: Jaccard similarity 0.9");
    assertThat(nights.detail("early@2")).isNull();
  }

  @Test
  void aNightWithoutDocumentsChangesNothingOfEarlierOnes() {
    CopyNights nights = new CopyNights(root, DROP);
    nights.run(FIRST, new DocumentRows(FIRST).add("a", story("oil"), Map.of()).table());

    assertThat(nights.run(SECOND, new DocumentRows(SECOND).table())).isEmpty();
    assertThat(nights.texts()).containsOnlyKeys("a");
  }

  @Test
  void aKeptNearCopyIsInTheClusterAndHasItsDate() {
    CopyNights nights = new CopyNights(root, KEEP);
    nights.run(
        FIRST,
        new DocumentRows(FIRST)
            .add("early", story("oil"), published("2026-01-02"))
            .add("late", edited(story("oil")), published("2026-01-03"))
            .table());
    nights.run(
        SECOND,
        new DocumentRows(SECOND)
            .add("later", story("oil") + "and more", published("2026-01-01"))
            .table());

    assertThat(nights.clusters())
        .isEqualTo(Map.of("early", "early", "late", "early", "later", "early"));
    assertThat(nights.current(CleanDocuments.CLUSTER_SINCE).values())
        .containsOnly("2026-01-02 00:00:00.0");
    assertThat(nights.current(CleanDocuments.CLUSTER_SIMILARITY)).containsEntry("early", "null");
  }

  @Test
  void aNearCopyOfAnEarlierNightIsFoundAndAMemberOfAStarMakesNoChain() {
    CopyNights nights = new CopyNights(root, KEEP);
    String first = story("oil");
    String second = first + "a b c d e f";
    String third = second + " g h i j k";
    nights.run(FIRST, new DocumentRows(FIRST).add("1", first).add("2", second).table());

    nights.run(SECOND, new DocumentRows(SECOND).add("3", third).add("4", story("gas")).table());

    assertThat(Shingles.jaccard(Shingles.of(Letters.of(second)), Shingles.of(Letters.of(third))))
        .isGreaterThan(0.8);
    assertThat(Shingles.jaccard(Shingles.of(Letters.of(first)), Shingles.of(Letters.of(third))))
        .isLessThan(0.8);
    assertThat(nights.clusters()).isEqualTo(Map.of("1", "1", "2", "1", "3", "3", "4", "4"));
  }

  @Test
  void aNearCopyWithAnotherLabelIsKeptInTheCluster() {
    CopyNights nights = new CopyNights(root, DROP);
    Map<String, String> reasons =
        nights.run(
            FIRST,
            new DocumentRows(FIRST)
                .add("1", story("oil"), labelled("positive"))
                .add("2", edited(story("oil")), labelled("negative"))
                .add("3", story("oil") + "more", labelled("positive"))
                .table());

    assertThat(reasons).containsEntry("2@2", null).containsEntry("3@3", "near-duplicate");
    assertThat(nights.clusters()).isEqualTo(Map.of("1", "1", "2", "1"));
  }

  @Test
  void aPublishedTestSetStaysWholeAndNothingElseIsKeptNearIt() {
    CopyNights nights = new CopyNights(root, KEEP);
    Map<String, ?> test = Map.of(Documents.DECLARED_SPLIT, "test");
    Map<String, String> reasons =
        nights.run(
            FIRST,
            new DocumentRows(FIRST)
                .add("0", story("oil") + "first", published("2020-01-01"))
                .add("t1", story("oil"), test)
                .add("t2", edited(story("oil")), test)
                .table());

    assertThat(reasons).containsEntry("t1@2", null).containsEntry("t2@3", null);
    assertThat(reasons).containsEntry("0@1", "near-duplicate");
  }

  @Test
  void caseSignsAndSpacesMakeNoOtherDocument() {
    CopyNights nights = new CopyNights(root, DROP);
    nights.run(FIRST, new DocumentRows(FIRST).add("1", "Very good!").add("2", "👍").table());

    assertThat(
            nights.run(
                SECOND,
                new DocumentRows(SECOND)
                    .add("3", "very GOOD")
                    .add("4", "👎")
                    .add("5", "👍")
                    .add("6", "very bad")
                    .table()))
        .containsEntry("3@1", "duplicate")
        .containsEntry("4@2", null)
        .containsEntry("5@3", "duplicate")
        .containsEntry("6@4", null);
  }

  @Test
  void oppositeLabelsOfTextsThatDifferInASignAreNoConflict() {
    CopyNights nights = new CopyNights(root, DROP);

    assertThat(
            nights.run(
                FIRST,
                new DocumentRows(FIRST)
                    .add("1", "Up +1.0%", Map.of(Documents.LABELS, Map.of("mood", "good")))
                    .add("2", "Up -1.0%", Map.of(Documents.LABELS, Map.of("mood", "bad")))
                    .add("3", "fine :-)", Map.of(Documents.LABELS, Map.of("mood", "good")))
                    .add("4", "fine :-(", Map.of(Documents.LABELS, Map.of("mood", "bad")))
                    .table()))
        .containsOnlyKeys("1@1", "2@2", "3@3", "4@4")
        .allSatisfy((place, reason) -> assertThat(reason).isNull());
  }

  @Test
  void theLastRecordOfAnIdCountsWithinANight() {
    CopyNights nights = new CopyNights(root, DROP);
    Map<String, String> reasons =
        nights.run(
            FIRST,
            new DocumentRows(FIRST)
                .add("1", "the first text", labelled("positive"))
                .add("1", "the second text", labelled("positive"))
                .add("1", "the second text", labelled("positive"))
                .table());

    assertThat(reasons)
        .containsEntry("1@1", "replaced")
        .containsEntry("1@2", "duplicate-id")
        .containsEntry("1@3", null);
  }

  @Test
  void ofRecordsOnOneLineTheLastCounts() {
    CopyNights nights = new CopyNights(root, DROP);
    DocumentRows rows = new DocumentRows(FIRST);
    for (int i = 0; i < 10; i++) {
      rows.add("1", "text " + i, Map.of(Documents.LINE, 1L));
    }
    nights.run(FIRST, rows.table());

    assertThat(nights.texts()).isEqualTo(Map.of("1", "text 9"));
  }

  @Test
  void aCorrectionReplacesTheDocumentOfAnEarlierNight() {
    CopyNights nights = new CopyNights(root, DROP);
    nights.run(
        FIRST,
        new DocumentRows(FIRST)
            .add("1", story("oil"), labelled("positive"))
            .add("2", story("gold"), labelled("positive"))
            .add("3", story("gas"), labelled("positive"))
            .table());

    DocumentRows second =
        new DocumentRows(SECOND)
            .add("1", story("oil"), labelled("negative"))
            .add("2", story("silver"), labelled("positive"))
            .add("3", story("gas"), labelled("positive"));
    Map<String, String> reasons = nights.run(SECOND, second.table());

    assertThat(reasons)
        .containsEntry("1@1", null)
        .containsEntry("2@2", null)
        .containsEntry("3@3", "duplicate-id");
    assertThat(nights.current(Documents.LABELS).get("1")).contains("negative");
    assertThat(nights.texts()).hasSize(3).containsEntry("2", story("silver"));
    assertThat(nights.clusters()).isEqualTo(Map.of("1", "1", "2", "2", "3", "3"));
    assertThat(nights.counts().replaced()).isEqualTo(2);
    assertThat(nights.details("replaced"))
        .containsExactly(
            "document 1 of run 2026-01-01.1 is corrected by file-2026-01-02.1, line 1",
            "document 2 of run 2026-01-01.1 is corrected by file-2026-01-02.1, line 2");

    Map<String, String> texts = nights.texts();
    assertThat(nights.run(SECOND, second.shuffled(1, 3))).isEqualTo(reasons);
    assertThat(nights.texts()).isEqualTo(texts);
    assertThat(nights.counts().replaced()).isEqualTo(2);
  }

  @Test
  void aCorrectionKeepsItsClusterBesideANewNearCopy() {
    CopyNights nights = new CopyNights(root, KEEP);
    nights.run(FIRST, new DocumentRows(FIRST).add("2", story("oil")).table());

    nights.run(
        SECOND,
        new DocumentRows(SECOND)
            .add("1", edited(story("oil")), labelled("positive"))
            .add("2", story("oil") + " and more")
            .table());

    assertThat(nights.clusters()).isEqualTo(Map.of("1", "2", "2", "2"));
  }

  @Test
  void aCorrectionThatIsACopyEndsWhatItCorrects() {
    CopyNights nights = new CopyNights(root, DROP);
    nights.run(
        FIRST, new DocumentRows(FIRST).add("1", story("oil")).add("2", story("gold")).table());

    assertThat(nights.run(SECOND, new DocumentRows(SECOND).add("2", story("oil")).table()))
        .containsEntry("2@1", "duplicate");
    assertThat(nights.texts()).isEqualTo(Map.of("1", story("oil")));
  }

  @Test
  void aWithdrawnNightGivesTheEarlierVersionBack() {
    CopyNights nights = new CopyNights(root, DROP);
    nights.run(FIRST, new DocumentRows(FIRST).add("1", story("oil")).table());
    nights.run(SECOND, new DocumentRows(SECOND).add("1", story("gold")).table());
    long snapshot = nights.tables().snapshot(CleanDocuments.SCHEMA);

    nights.tables().removeRun(CleanDocuments.SCHEMA, SECOND);

    assertThat(nights.texts()).isEqualTo(Map.of("1", story("oil")));
    assertThat(
            CurrentDocuments.of(nights.tables().readAt(CleanDocuments.SCHEMA, snapshot))
                .collectAsList())
        .singleElement()
        .satisfies(row -> assertThat(row.<String>getAs(Documents.TEXT)).isEqualTo(story("gold")));
  }

  @Test
  void ofOneTextWithTwoLabelsTheLatestOrTheMajorityCounts() {
    CopyNights nights = new CopyNights(root, DROP);
    Map<String, String> reasons =
        nights.run(
            FIRST,
            new DocumentRows(FIRST)
                .addWithoutId("a text of three opinions", labelled("positive"))
                .addWithoutId("a text of three opinions", labelled("negative"))
                .addWithoutId("a text of three opinions", labelled("positive"))
                .add("old", "a text with dates", dated("2026-01-01", "positive"))
                .add("new", "a text with dates", dated("2026-01-02", "negative"))
                .table());

    assertThat(nights.current(Documents.LABELS).values())
        .satisfiesExactlyInAnyOrder(
            labels -> assertThat(labels).contains("positive"),
            labels -> assertThat(labels).contains("negative"));
    assertThat(nights.texts()).containsKey("new").doesNotContainKey("old");
    assertThat(reasons).containsEntry("old@4", "label-conflict");
    assertThat(nights.counts().conflicts()).isEqualTo(2);
    assertThat(nights.counts().summary()).contains("2 with the text of another and another label");
  }

  @Test
  void aTextOfSeveralLabelsThatIsReadAgainKeepsTheLabelOfTheMajority() {
    CopyNights nights = new CopyNights(root, DROP);
    nights.run(FIRST, opinions(FIRST).table());
    Map<String, String> labels = nights.current(Documents.LABELS);
    assertThat(labels.values()).singleElement().asString().contains("positive");

    Map<String, String> reasons = nights.run(SECOND, opinions(SECOND).table());

    assertThat(nights.current(Documents.LABELS)).isEqualTo(labels);
    assertThat(reasons.values())
        .containsExactlyInAnyOrder("duplicate-id", "duplicate-id", "duplicate");
    assertThat(nights.counts().replaced()).isZero();

    nights.run(
        "2026-01-03.1",
        new DocumentRows("2026-01-03.1")
            .addWithoutId("a text of three opinions", labelled("neutral"))
            .addWithoutId("a text of three opinions", labelled("neutral"))
            .table());

    assertThat(nights.current(Documents.LABELS).values())
        .singleElement()
        .asString()
        .contains("neutral");
    assertThat(nights.counts().replaced()).isEqualTo(1);
  }

  private static DocumentRows opinions(String run) {
    return new DocumentRows(run)
        .addWithoutId("a text of three opinions", labelled("positive"))
        .addWithoutId("a text of three opinions", labelled("negative"))
        .addWithoutId("a text of three opinions", labelled("positive"));
  }

  private static Map<String, ?> dated(String day, String sentiment) {
    return Map.of(
        Documents.PUBLISHED_AT,
        Instant.parse(day + "T00:00:00Z"),
        Documents.LABELS,
        Map.of("sentiment", sentiment));
  }

  @Test
  void aLaterNightsLabelOfTheSameTextCountsAndKeepsTheCluster() {
    CopyNights nights = new CopyNights(root, DROP);
    nights.run(
        FIRST,
        new DocumentRows(FIRST)
            .add("1", "one short text", labelled("positive"))
            .add("2", "another short text")
            .table());
    nights.run(
        SECOND,
        new DocumentRows(SECOND)
            .add("3", "One short text.", labelled("negative"))
            .add("4", "Another short text.", labelled("negative"))
            .table());

    assertThat(nights.clusters()).isEqualTo(Map.of("3", "1", "4", "2"));
    assertThat(nights.counts().conflicts()).isEqualTo(1);
    assertThat(nights.counts().replaced()).isEqualTo(2);
    assertThat(nights.details("label-conflict"))
        .singleElement()
        .asString()
        .contains("document 1 of run", "sentiment is positive there, negative here");
  }

  @Test
  void neitherOrderNorPartitionsNorNightsChangeClusters(@TempDir Path other) {
    CopyNights one = new CopyNights(root, KEEP);
    DocumentRows rows = mixed(FIRST, 0, 60);
    Map<String, String> expected = one.run(FIRST, rows.table());
    Map<String, String> clusters = one.clusters();
    assertThat(clusters.values().stream().distinct()).hasSizeLessThan(clusters.size());

    for (int partitions : new int[] {1, 3}) {
      assertThat(one.run(FIRST, rows.shuffled(partitions, partitions))).isEqualTo(expected);
      assertThat(one.clusters()).isEqualTo(clusters);
    }
    CopyNights two = new CopyNights(other, KEEP); // in the order of their documents
    two.run(FIRST, mixed(FIRST, 0, 30).table());
    two.run(SECOND, mixed(SECOND, 30, 60).table());
    assertThat(two.clusters()).isEqualTo(clusters);
  }

  @Test
  void documentsOfFilesThatAreReadAgainTakeThePlaceOfAllThatWasReadInThem() {
    CopyNights nights = new CopyNights(root, DROP);
    String again = "file-" + FIRST;
    nights.run(
        FIRST,
        new DocumentRows(FIRST)
            .add("1", story("oil"))
            .add("2", story("gold"))
            .add("gone", story("tin"))
            .add("stays", story("lead"), Map.of(Documents.FILE, "other"))
            .table());
    DocumentRows rows =
        new DocumentRows(SECOND)
            .add("1", story("oil"), Map.of(Documents.FILE, again))
            .add("2", story("gold") + "and more", Map.of(Documents.FILE, again))
            .add("3", story("lead"), Map.of(Documents.FILE, again));

    Map<String, String> reasons =
        nights.run(new Copies.Night(nights.tables(), SECOND, Set.of(again)), rows.table());

    assertThat(reasons).containsEntry("1@1", null).containsEntry("2@2", null);
    assertThat(reasons.get("3@3")).isEqualTo("duplicate");
    assertThat(nights.texts())
        .containsOnlyKeys("1", "2", "stays")
        .containsEntry("1", story("oil"))
        .containsEntry("2", story("gold") + "and more");
    assertThat(nights.details("replaced")).isEmpty();

    nights.tables().removeRun(CleanDocuments.SCHEMA, SECOND);
    nights.tables().removeRun(Signatures.SCHEMA, SECOND);
    assertThat(nights.texts()).containsOnlyKeys("1", "2", "gone", "stays");
  }

  /** Returns documents with a day each, of which most are copies of one of ten. */
  private static DocumentRows mixed(String run, int from, int to) {
    DocumentRows rows = new DocumentRows(run);
    for (int i = from; i < to; i++) {
      String text = story("topic" + i % 10 + "x");
      String cut = text.substring(0, text.length() - 9 * (i / 10));
      rows.add(
          "d%02d".formatted(i),
          cut + "z".repeat(1 + i / 10),
          Map.of(
              Documents.PUBLISHED_AT,
              Instant.parse("2026-01-01T00:00:00Z").plusSeconds(86_400L * i)));
    }
    return rows;
  }

  @Test
  void aTemplateThatManyDocumentsShareIsOneStar() {
    CopyNights nights = new CopyNights(root, DROP);
    DocumentRows rows = new DocumentRows(FIRST);
    for (int i = 0; i < 120; i++) {
      rows.add("d%03d".formatted(i), story("notice") + "number" + i);
    }
    nights.run(FIRST, rows.table());

    assertThat(nights.texts()).containsOnlyKeys("d000");
  }

  @Test
  void signaturesThatAreMissingOrOfAnotherThresholdAreComputedFromTexts() {
    CopyNights nights = new CopyNights(root, DROP);
    nights.run(FIRST, new DocumentRows(FIRST).add("1", story("oil")).table());
    nights.tables().removeRun(Signatures.SCHEMA, FIRST);
    Dataset<Row> second = new DocumentRows(SECOND).add("2", edited(story("oil"))).table();

    assertThat(nights.run(SECOND, second)).containsEntry("2@1", "near-duplicate");

    CopiesConfig lower = new CopiesConfig(CopiesConfig.Near.DROP, 0.7, 0.9, 1000);
    try (Copies copies = Copies.of(nights.tables(), SECOND, second, lower)) {
      assertThat(copies.counts().nearRejected()).isEqualTo(1);
    }
    assertThat(nights.tables().readRun(Signatures.SCHEMA, FIRST).collectAsList())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row.<String>getAs(Signatures.SCHEME))
                    .isEqualTo(Scheme.of(lower).word()));
  }

  @Test
  void nearCopiesAreNotLookedForWhereTheyAreIgnored() {
    CopyNights nights =
        new CopyNights(root, new CopiesConfig(CopiesConfig.Near.IGNORE, 0.8, 0.9, 1000));
    nights.run(
        FIRST,
        new DocumentRows(FIRST)
            .add("1", story("oil"))
            .add("2", edited(story("oil")))
            .add("3", story("oil").toUpperCase(java.util.Locale.ROOT))
            .table());

    assertThat(nights.clusters()).isEqualTo(Map.of("1", "1", "2", "2"));
  }
}
