package io.attune.pipeline.stage.compare;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.TestNight;
import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.PairedOutcomes.Cell;
import io.attune.pipeline.stage.compare.Findings.Outcome;
import io.attune.pipeline.stage.compare.GateConfig.Demand;
import io.attune.pipeline.stage.compare.GateConfig.Floor;
import io.attune.pipeline.stage.compare.GateConfig.Veto;
import io.attune.pipeline.stage.compare.HeadEvidence.Reference;
import io.attune.pipeline.stage.compare.Verdict.Versions;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.SliceResult;
import io.attune.schemas.report.VerdictRecord.SliceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SliceTestsTest {
  private static final Versions VERSIONS =
      new Versions("2026-01-02.1", "2026-01-02.1-linear", "2026-01-01.1");
  private static final StructType SCHEMA =
      new StructType()
          .add("head", DataTypes.StringType)
          .add("label", DataTypes.StringType)
          .add("candidate", DataTypes.StringType)
          .add("current", DataTypes.StringType)
          .add("baseline", DataTypes.StringType)
          .add("source", DataTypes.StringType)
          .add("extra", DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType));
  private static final Evaluation MEASURED =
      new Evaluation(
          List.of(),
          List.of(
              new SliceResult("candidate", "mood", "source", "wire", 60, 1, 1),
              new SliceResult("candidate", "mood", "source", "blog", 30, 0.6, 0.6),
              new SliceResult("candidate", "mood", "desk", "north", 90, 0.9, 0.9)),
          List.of());

  private static SlicePairs pairs;

  /**
   * On 60 rows of the wire the candidate is right 40 times more than the current model; on 30 of
   * the blog it is wrong on 12 that the current one gets right. The baseline is always wrong.
   */
  @BeforeAll
  static void answerOnce() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      rows.add(row("wire", "up", i < 40 ? "down" : "up"));
    }
    for (int i = 0; i < 30; i++) {
      rows.add(row("blog", i < 12 ? "down" : "up", "up"));
    }
    Dataset<Row> predictions = TestNight.spark().createDataFrame(rows, SCHEMA);
    pairs = new SlicePairs(predictions);
  }

  private static Row row(String source, String candidate, String current) {
    return RowFactory.create(
        "mood", "up", candidate, current, "down", source, Map.of("desk", "north"));
  }

  @Test
  void testsEachMeasuredSliceAgainstTheCurrentModelAndTheLinearOne() {
    Findings findings = new Findings();

    List<SliceRecord> records = tested(findings, List.of(), VERSIONS);

    assertThat(records)
        .extracting(r -> r.other() + " " + r.slice() + "=" + r.value() + " " + r.rows())
        .containsExactly(
            "current desk=north 90",
            "current source=wire 60",
            "current source=blog 30",
            "tf-idf desk=north 90",
            "tf-idf source=wire 60",
            "tf-idf source=blog 30");
    SliceRecord blog = records.get(2);
    assertThat(blog.difference()).isEqualTo(-0.4);
    assertThat(blog.pValue()).isCloseTo(Math.pow(2, -12), within(1e-15)); // 12 coins fell alike
    assertThat(blog.adjusted()).isEqualTo(blog.pValue()); // the largest of the three
    SliceRecord wire = records.get(1);
    assertThat(wire.adjusted()).isCloseTo(3 * wire.pValue(), within(1e-15)); // the smallest
    assertThat(blog.interval().low()).isLessThan(-0.4);
    assertThat(blog.interval().high()).isBetween(-0.4, -0.2);
    assertThat(records).extracting(SliceRecord::place).startsWith("above", "above", "below");
    assertThat(findings.outcome()).isEqualTo(Outcome.PROMOTE); // it is only said
    assertThat(findings.reasons())
        .singleElement()
        .asString()
        .startsWith(
            "On 1 of 3 slices of the test split it is less often right than the current model,"
                + " after Holm's correction over them: source 'blog' on 'mood' (-0.4000, p 0.0002)");
  }

  @Test
  void keepsAModelOutThatLosesWhereItMustNot() {
    Findings one = new Findings();
    Findings all = new Findings();
    Findings other = new Findings();

    tested(one, List.of("source=blog"), VERSIONS);
    tested(all, List.of("source"), VERSIONS);
    tested(other, List.of("source=wire", "desk"), VERSIONS);

    assertThat(one.outcome()).isEqualTo(Outcome.KEEP);
    assertThat(one.reasons().get(0))
        .isEqualTo(
            "On 'mood' it is less often right than the current model on the slice source 'blog',"
                + " which gate.must-not-lose names: only it is right on 0 of its 30 test rows, only"
                + " the current model on 12 (McNemar, one-sided mid-p 0.0001 after Holm's"
                + " correction; gate.significance is 0.025).");
    assertThat(all.outcome()).isEqualTo(Outcome.KEEP);
    assertThat(other.outcome()).isEqualTo(Outcome.PROMOTE);
  }

  @Test
  void saysThatNothingCanBeSaidOfASliceWithoutRows() {
    Findings compared = new Findings();
    Findings first = new Findings();

    tested(compared, List.of("source=press"), VERSIONS);
    tested(first, List.of("source=press"), new Versions("2026-01-02.1", "l", null));

    assertThat(compared.outcome()).isEqualTo(Outcome.PROMOTE);
    assertThat(compared.reasons())
        .anyMatch(reason -> reason.startsWith("gate.must-not-lose names 'source=press', and no"));
    assertThat(first.reasons()).noneMatch(reason -> reason.contains("must-not-lose"));
  }

  @Test
  void testsNothingInPredictionsWithoutTheColumns() {
    Dataset<Row> older = pairs.predictions().drop("source", "extra");
    SliceTests tests = new SliceTests(gate(List.of()), MEASURED, new SlicePairs(older));

    tests.ofCandidate(List.of(), VERSIONS, new Findings());
    tests.ofLinearPart(List.of(), VERSIONS, new Findings());

    assertThat(tests.records()).isEmpty();
  }

  @Test
  void takesNearCopiesInASliceAsOne() {
    Dataset<Row> rows = pairs.predictions().where("candidate = 'up'");
    Dataset<Row> lost = pairs.predictions().where("candidate = 'down'");
    Dataset<Row> others = rows.withColumn("cluster", monotonically_increasing_id().cast("string"));
    SlicePairs apart =
        new SlicePairs(
            lost.withColumn("cluster", monotonically_increasing_id().cast("string")).union(others));
    SlicePairs copies = new SlicePairs(lost.withColumn("cluster", lit("one")).union(others));
    Findings ofApart = new Findings();
    Findings ofCopies = new Findings();

    tested(ofApart, apart, List.of("source=blog"), Set.of());
    List<SliceRecord> records = tested(ofCopies, copies, List.of("source=blog"), Set.of());

    assertThat(ofApart.outcome()).isEqualTo(Outcome.KEEP);
    assertThat(ofCopies.outcome()).isEqualTo(Outcome.PROMOTE);
    SliceRecord blog = records.get(2);
    assertThat(blog.value() + blog.other()).isEqualTo("blogcurrent");
    assertThat(blog.difference()).isEqualTo(-0.4);
    assertThat(blog.pValue()).isCloseTo(0.3173, within(1e-4)); // one text: beyond 1 of a normal
    assertThat(blog.interval().high()).isPositive();
  }

  @Test
  void holdsNoNewClassAgainstTheCurrentModelInASlice() {
    List<Row> added = new ArrayList<>();
    for (int i = 0; i < 40; i++) { // what the candidate wins here hides what it loses elsewhere
      added.add(
          RowFactory.create("mood", "odd", "odd", "up", "down", "blog", Map.of("desk", "north")));
    }
    SlicePairs all =
        new SlicePairs(pairs.predictions().union(TestNight.spark().createDataFrame(added, SCHEMA)));
    Findings hidden = new Findings();
    Findings found = new Findings();

    tested(hidden, all, List.of("source=blog"), Set.of());
    List<SliceRecord> records = tested(found, all, List.of("source=blog"), Set.of(2));

    assertThat(hidden.outcome()).isEqualTo(Outcome.PROMOTE);
    assertThat(found.outcome()).isEqualTo(Outcome.KEEP);
    assertThat(found.reasons().get(0)).contains("it is right on 0 of its 30 test rows");
    assertThat(records)
        .filteredOn(r -> r.value().equals("blog"))
        .extracting(SliceRecord::rows)
        .containsExactlyInAnyOrder(30L, 70L); // the linear model knows the class
  }

  private static List<SliceRecord> tested(
      Findings findings, List<String> mustNotLose, Versions versions) {
    SliceTests tests = new SliceTests(gate(mustNotLose), MEASURED, pairs);
    tests.ofCandidate(List.of(evidence(Set.of())), versions, findings);
    return tests.records();
  }

  private static List<SliceRecord> tested(
      Findings findings, SlicePairs answers, List<String> mustNotLose, Set<Integer> added) {
    SliceTests tests = new SliceTests(gate(mustNotLose), MEASURED, answers);
    tests.ofCandidate(List.of(evidence(added)), VERSIONS, findings);
    return tests.records();
  }

  private static HeadEvidence evidence(Set<Integer> added) {
    PairedOutcomes any = PairedOutcomes.of(3, List.of(new Cell(0, 0, 1, 90)));
    return new HeadEvidence(
        "mood",
        Reference.CURRENT,
        any,
        Baseline.of(Baseline.Kind.TF_IDF, any),
        new Scope(0, List.of("down", "up", "odd"), added, 0));
  }

  private static GateConfig gate(List<String> mustNotLose) {
    return new GateConfig(
        "all",
        "0.01",
        1,
        Demand.NOT_WORSE,
        Floor.NOT_BELOW,
        0.025,
        new Veto(0.025, 0),
        1000,
        7,
        GateConfig.MinRows.DEFAULT,
        mustNotLose,
        1.5,
        false,
        0,
        0);
  }
}
