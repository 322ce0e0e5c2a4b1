package io.attune.pipeline.stage.compare;

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
    tests.ofLinearPart(VERSIONS, new Findings());

    assertThat(tests.records()).isEmpty();
  }

  private static List<SliceRecord> tested(
      Findings findings, List<String> mustNotLose, Versions versions) {
    SliceTests tests = new SliceTests(gate(mustNotLose), MEASURED, pairs);
    PairedOutcomes any = PairedOutcomes.of(2, List.of(new Cell(0, 0, 1, 90)));
    tests.ofCandidate(
        List.of(
            new HeadEvidence(
                "mood", Reference.CURRENT, any, Baseline.of(Baseline.Kind.TF_IDF, any))),
        versions,
        findings);
    return tests.records();
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
        mustNotLose);
  }
}
