package io.attune.schemas.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.Provenance;
import io.attune.schemas.model.RunSynonyms;
import io.attune.schemas.report.Evaluation.AttendedSpan;
import io.attune.schemas.report.Evaluation.CalibrationBin;
import io.attune.schemas.report.Evaluation.ClassResult;
import io.attune.schemas.report.Evaluation.Example;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.report.Evaluation.SliceResult;
import io.attune.schemas.report.NightReport.CorpusIntake;
import io.attune.schemas.report.NightReport.RejectCount;
import io.attune.schemas.report.NightReport.StageRecord;
import io.attune.schemas.report.NightReport.TimelinePoint;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import io.attune.schemas.report.TrainingRecord.NetworkRecord;
import io.attune.schemas.report.VerdictRecord.TestRecord;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportSchemaTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void fullReportFollowsTheSchema() throws IOException {
    assertThat(faults(tree(full()))).isEmpty();
  }

  @Test
  void reportOfAnEmptyNightFollowsTheSchema() throws IOException {
    assertThat(faults(tree(empty()))).isEmpty();
  }

  @Test
  void reportReadsBackAsItWas() throws IOException {
    assertThat(Json.read(Json.pretty(full()), NightReport.class)).isEqualTo(full());
  }

  @Test
  void trainingThatListsNoNetworksIsRead() throws IOException {
    ObjectNode older = (ObjectNode) tree(full()).get("training");
    older.remove(List.of("networks", "accuracyDeviation", "macroF1Deviation", "origin"));

    TrainingRecord read = Json.read(MAPPER.writeValueAsBytes(older), TrainingRecord.class);

    assertThat(read.networks()).isEmpty();
    assertThat(read.curve()).isEqualTo(training().curve());
  }

  @Test
  void verdictOfAnEarlierVersionIsRead() throws IOException {
    ObjectNode older = (ObjectNode) tree(full()).get("verdict");
    older.remove(List.of("headline", "inUse", "baselines", "power", "slices", "anchors"));
    ((ObjectNode) older.get("tests").get(0)).remove(List.of("level", "margin", "leftOut"));

    VerdictRecord read = Json.read(MAPPER.writeValueAsBytes(older), VerdictRecord.class);

    assertThat(read.promotes()).isTrue();
    assertThat(read.promoted()).isEqualTo("2026-01-02.1");
    assertThat(read.summary()).isEqualTo("It is the first model.");
    assertThat(read.baselines()).isEmpty();
  }

  @Test
  void missingFieldUnknownFieldAndWrongTypeBreakTheSchema() throws IOException {
    ObjectNode withoutTask = tree(full());
    withoutTask.remove("task");
    ObjectNode withMore = tree(full());
    withMore.put("surprise", 1);
    ObjectNode negative = tree(full());
    ((ObjectNode) negative.get("rows")).put("train", -1);
    ObjectNode unknownDecision = tree(full());
    ((ObjectNode) unknownDecision.get("verdict")).put("decision", "perhaps");

    assertThat(faults(withoutTask)).singleElement().asString().contains("task");
    assertThat(faults(withMore)).singleElement().asString().contains("surprise");
    assertThat(faults(negative)).singleElement().asString().contains("train");
    assertThat(faults(unknownDecision)).singleElement().asString().contains("decision");
  }

  @Test
  void schemaNamesExactlyTheFieldsOfEachRecord() throws IOException {
    JsonNode schema = MAPPER.readTree(schema());
    Map<String, Class<?>> records =
        Map.ofEntries(
            Map.entry("corpusIntake", CorpusIntake.class),
            Map.entry("rejectCount", RejectCount.class),
            Map.entry("textChange", NightReport.TextChange.class),
            Map.entry("finding", NightQuality.Finding.class),
            Map.entry("timelinePoint", TimelinePoint.class),
            Map.entry("interval", Interval.class),
            Map.entry("headResult", HeadResult.class),
            Map.entry("uncopied", Evaluation.Uncopied.class),
            Map.entry("classResult", ClassResult.class),
            Map.entry("calibrationBin", CalibrationBin.class),
            Map.entry("sliceResult", SliceResult.class),
            Map.entry("example", Example.class),
            Map.entry("attendedSpan", AttendedSpan.class),
            Map.entry("verdict", VerdictRecord.class),
            Map.entry("test", TestRecord.class),
            Map.entry("baseline", VerdictRecord.BaselineRecord.class),
            Map.entry("power", VerdictRecord.PowerRecord.class),
            Map.entry("sliceTest", VerdictRecord.SliceRecord.class),
            Map.entry("drift", NightQuality.Drift.class),
            Map.entry("priorShift", Evaluation.PriorShiftResult.class),
            Map.entry("classShare", Evaluation.ClassShare.class),
            Map.entry("anchor", VerdictRecord.AnchorRecord.class),
            Map.entry("fresh", FreshEvidence.class),
            Map.entry("freshHead", FreshEvidence.FreshHead.class),
            Map.entry("testSplit", FreshEvidence.TestSplit.class),
            Map.entry("training", TrainingRecord.class),
            Map.entry("epoch", EpochRecord.class),
            Map.entry("network", NetworkRecord.class),
            Map.entry("stage", StageRecord.class),
            Map.entry("provenance", Provenance.class));

    assertThat(fields(schema)).containsExactly(components(NightReport.class));
    assertThat(schema.get("$defs").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrderElementsOf(records.keySet());
    records.forEach(
        (name, type) ->
            assertThat(fields(schema.get("$defs").get(name)))
                .as(name)
                .containsExactly(components(type)));
  }

  private static List<String> fields(JsonNode schema) {
    return List.copyOf(
        MAPPER
            .convertValue(schema.get("properties"), new TypeReference<Map<String, Object>>() {})
            .keySet());
  }

  private static String[] components(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(RecordComponent::getName)
        .toArray(String[]::new);
  }

  private static Set<ValidationMessage> faults(JsonNode report) throws IOException {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(new String(schema(), StandardCharsets.UTF_8))
        .validate(report);
  }

  private static byte[] schema() throws IOException {
    try (InputStream in = NightReport.class.getResourceAsStream("report.schema.json")) {
      return in.readAllBytes();
    }
  }

  private static ObjectNode tree(NightReport report) throws IOException {
    return (ObjectNode) MAPPER.readTree(Json.pretty(report));
  }

  private static NightReport empty() {
    return NightReport.builder("news", "2026-01-01.1", "2026-01-01").build();
  }

  private static NightReport full() {
    Interval interval = new Interval(0.7, 0.9);
    return NightReport.builder("news", "2026-01-02.1", "2026-01-02")
        .rows(Map.of("train", 80L, "test", 20L))
        .tokens(Map.of("train", 800L, "test", 200L))
        .intake(List.of(new CorpusIntake("wire", 100, 3)))
        .rejects(List.of(new RejectCount("ingest", "wire", "malformed", 3, "a;b")))
        .labels(Map.of("train", Map.of("sentiment", Map.of("positive", 80L))))
        .timeline(List.of(new TimelinePoint("2026-01", "sentiment", "positive", 80)))
        .evaluation(List.of(candidate(interval), majority()))
        .slices(
            List.of(
                new SliceResult(
                    "candidate", "sentiment", "month", "2026-01", 20, 0.8, 0.79, interval)))
        .examples(
            List.of(
                new Example(
                    "typical",
                    "d1",
                    "sentiment",
                    "Shares rose",
                    null,
                    "positive",
                    0.9,
                    List.of(new AttendedSpan(7, 11, 0.6)))))
        .verdict(verdict(interval))
        .training(training())
        .drift(
            List.of(
                new NightQuality.Drift(
                    "source", 100, 900, 0.2, 0.001, 0.004, "wire", 0.4, 0.2, true)))
        .priors(
            List.of(
                new Evaluation.PriorShiftResult(
                    "candidate",
                    "sentiment",
                    20,
                    List.of(new Evaluation.ClassShare("positive", 0.5, 0.6, 0.65)),
                    0.03,
                    0.8,
                    0.85)))
        .fresh(
            List.of(
                new FreshEvidence(
                    1,
                    "2026-01-02.1",
                    "2026-01-02",
                    "2026-01-01.1",
                    List.of(
                        new FreshEvidence.FreshHead(
                            "sentiment", 20, 16, 0.8, interval, 0.8, interval)),
                    new FreshEvidence.TestSplit(20, "2026-01-01", 2))))
        .stages(List.of(new StageRecord("ingest", 1.5, "100 documents", List.of("a.csv is empty"))))
        .lineage(
            Map.of(
                "model",
                new Provenance(
                    "news",
                    "2026-01-02.1",
                    "train",
                    "2026-01-02T03:04:05Z",
                    "someone",
                    "host",
                    Map.of("dataset", "ab"),
                    "cd",
                    "ef",
                    Map.of("java", "17"))))
        .build();
  }

  private static HeadResult candidate(Interval interval) {
    return HeadResult.builder("candidate", "test", "sentiment", 20)
        .version("2026-01-02.1")
        .accuracy(0.8)
        .accuracyInterval(interval)
        .macroF1(0.79)
        .macroF1Interval(interval)
        .logLoss(0.4)
        .brier(0.3)
        .calibrationError(0.05)
        .rawCalibrationError(0.08)
        .temperature(1.4)
        .perClass(List.of(new ClassResult("positive", 20, 0.8, 0.8, 0.8)))
        .confusion(List.of(List.of(16L, 4L)))
        .calibration(List.of(new CalibrationBin(0.7, 0.8, 20, 0.75, 0.8)))
        .uncopied(new Evaluation.Uncopied(18, 0.78))
        .build();
  }

  private static HeadResult majority() {
    return HeadResult.builder("majority", "test", "sentiment", 20)
        .accuracy(0.4)
        .macroF1(0.3)
        .build();
  }

  private static VerdictRecord verdict(Interval interval) {
    return new VerdictRecord(
        VerdictRecord.PROMOTE,
        "2026-01-02.1",
        null,
        List.of("It is the first model."),
        List.of(
            new TestRecord(
                "sentiment", "mcnemar-mid-p", 20, 0.1, interval, 0.03, 0.05, 0.025, 0.01, 5L),
            new TestRecord("sentiment", "other", 20, -0.1, null, null, null)),
        "2026-01-02.1 goes into use.",
        "2026-01-02.1",
        List.of(
            new VerdictRecord.BaselineRecord(
                "sentiment",
                "2026-01-02.1",
                "tf-idf",
                20,
                0.9,
                0.8,
                0.1,
                interval,
                0.025,
                0.9,
                "above")),
        new VerdictRecord.PowerRecord(20, 0.3, 6300L),
        List.of(
            new VerdictRecord.SliceRecord(
                "sentiment",
                "2026-01-02.1",
                "source",
                "wire",
                "current",
                20,
                -0.1,
                interval,
                0.025,
                0.04,
                0.08,
                "level")),
        List.of(
            new VerdictRecord.AnchorRecord(
                "sentiment",
                "2026-01-02.1",
                "2025-12-01.1",
                20,
                0.9,
                0.8,
                0.1,
                interval,
                0.025,
                0.015,
                "above")));
  }

  private static TrainingRecord training() {
    return TrainingRecord.builder()
        .workers(2)
        .epochs(3)
        .bestEpoch(2)
        .rounds(12)
        .seconds(6.5)
        .tokensPerSecond(1200.5)
        .averagingShare(0.1)
        .parameters(5000)
        .rowsPlanned(240)
        .rowsTrained(240)
        .origin("the pretrained encoder bge-small-en")
        .processors(List.of("amd64 avx2"))
        .synonyms(new RunSynonyms("0f", 20, 0.1, 1, 90, 210))
        .weightAveraging(new TrainingRecord.WeightAveragingRecord(3, 0))
        .curve(List.of(new EpochRecord(1, 0.9, 0.8, 0.6, 2.1, 0.55)))
        .networks(
            List.of(
                new NetworkRecord(1, 3, 2, 0.7, 0.8, 0.78),
                new NetworkRecord(77, 3, 3, 0.6, 0.82, 0.8)))
        .build();
  }
}
