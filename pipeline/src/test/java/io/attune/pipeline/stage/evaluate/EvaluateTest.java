package io.attune.pipeline.stage.evaluate;

import static io.attune.pipeline.stage.evaluate.EvaluationNight.CONFIG;
import static io.attune.pipeline.stage.evaluate.EvaluationNight.LONG;
import static io.attune.pipeline.stage.evaluate.EvaluationNight.ROWS;
import static io.attune.pipeline.stage.evaluate.EvaluationNight.candidateAndCurrent;
import static io.attune.pipeline.stage.evaluate.EvaluationNight.night;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.metric.Wilson;
import io.attune.schemas.model.Manifest;
import io.attune.schemas.model.Manifest.FileEntry;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.AttendedSpan;
import io.attune.schemas.report.Evaluation.Example;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Evaluation.PriorShiftResult;
import io.attune.schemas.report.Evaluation.SliceResult;
import io.attune.schemas.report.FreshEvidence;
import io.attune.schemas.report.FreshEvidence.TestSplit;
import io.attune.schemas.report.KeptAnswers;
import io.attune.schemas.report.KeptAnswers.KeptAnswer;
import io.attune.schemas.report.KeptAnswers.KeptText;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateTest {
  @TempDir private static Path shared;
  private static StageContext night;
  private static StageResult result;

  @BeforeAll
  static void evaluateOnce() {
    night = night(shared, ROWS);
    result =
        Evaluate.run(night, CONFIG, candidateAndCurrent(), Map.of("candidate", "2026-01-02.1"));
  }

  @Test
  void measuresEveryModelOnTheSameRows() {
    Evaluation evaluation = evaluation(night);
    HeadResult candidate = result(evaluation, "candidate", "test", "mood");
    assertThat(candidate.rows()).isEqualTo(5);
    assertThat(candidate.accuracy()).isEqualTo(0.8); // all but the long text
    assertThat(candidate.confusion()).isEqualTo(List.of(List.of(3L, 0L), List.of(1L, 1L)));
    assertThat(candidate.logLoss())
        .isCloseTo(-(4 * Math.log(0.9) + Math.log(0.1)) / 5, within(1e-6));
    assertThat(candidate.calibrationError()).isCloseTo(0.1, within(1e-6));
    assertThat(candidate.brier()).isCloseTo((4 * 0.02 + 1.62) / 5, within(1e-6));
    assertThat(candidate.rawCalibrationError()).isNull(); // the model says nothing of its scale
    assertThat(candidate.version()).isEqualTo("2026-01-02.1");
    HeadResult majority = result(evaluation, "majority", "test", "mood");
    assertThat(majority.confusion()).isEqualTo(List.of(List.of(0L, 3L), List.of(0L, 2L)));
    assertThat(majority.logLoss()).isNull();
    assertThat(result(evaluation, "baseline", "test", "mood").accuracy()).isGreaterThan(0.5);
    assertThat(result(evaluation, "baseline", "test", "kind").rows()).isEqualTo(4);
    assertThat(result(evaluation, "candidate", "validation", "mood").rows()).isEqualTo(1);
    assertThat(result.summary()).startsWith("mood: accuracy 0.8000, macro-F1").contains("baseline");
    assertThat(result.counts()).containsEntry("testRows", 5L);
  }

  @Test
  void leavesOutAHeadThatTheCurrentModelDoesNotKnow() {
    assertThat(evaluation(night).results())
        .filteredOn(result -> result.model().equals("current"))
        .extracting(HeadResult::head)
        .containsOnly("mood");
    assertThat(predictions(night).where("head = 'kind' and current is not null").count()).isZero();
  }

  @Test
  void publishesEveryPredictionWithItsManifest() {
    Manifest manifest = night.artefacts().verify(TestNight.RUN.evaluation());
    assertThat(manifest.files())
        .extracting(FileEntry::path)
        .allMatch(path -> path.endsWith(".json") || path.endsWith(".parquet"));
    assertThat(manifest.counts()).containsEntry("rows", 6L);
    Dataset<Row> predictions = predictions(night);
    assertThat(predictions.schema().fieldNames()).isEqualTo(Predictions.SCHEMA.fieldNames());
    assertThat(predictions.count()).isEqualTo(12);
    Row row = predictions.where("id = 'h' and head = 'kind'").first();
    assertThat(row.<String>getAs("label")).isNull();
    assertThat(row.<String>getAs("candidate")).isEqualTo("news");
    assertThat(row.<Float>getAs("candidate_probability")).isEqualTo(0.75f);
    assertThat(row.<Float>getAs("candidate_label_probability")).isNull();
    assertThat(row.<Float>getList(row.fieldIndex("candidate_probabilities")))
        .containsExactly(0.75f, 0.25f);
    assertThat(row.isNullAt(row.fieldIndex("current_probabilities"))).isTrue();
    assertThat(row.<String>getAs("month")).isEqualTo("2026-01");
    assertThat(row.<String>getAs("length")).isEqualTo("0001-0016");
  }

  @Test
  void keepsSomeAnswersOfTheCandidateWithTheirTexts() {
    KeptAnswers kept = read(night, KeptAnswers.FILE_NAME, KeptAnswers.class);

    assertThat(kept.texts()).extracting(KeptText::id).containsExactly("f", "g", "h", "i", "j");
    assertThat(kept.texts().get(0).text()).isEqualTo("profits rise");
    assertThat(kept.texts().get(0).answers())
        .containsExactly(
            new KeptAnswer("candidate", "kind", "news", 0.75),
            new KeptAnswer("candidate", "mood", "up", 0.9f));
  }

  @Test
  void asksTheCurrentModelAboutTheDocumentsOfTheNight() {
    FreshEvidence fresh = read(night, FreshEvidence.FILE_NAME, FreshEvidence.class);

    assertThat(fresh.run()).isEqualTo("2026-01-02.1");
    assertThat(fresh.heads())
        .singleElement()
        .satisfies(
            mood -> {
              assertThat(mood.head()).isEqualTo("mood");
              assertThat(mood.rows()).isEqualTo(ROWS.size());
              assertThat(mood.correct()).isEqualTo(5); // up where "profits", else down
              assertThat(mood.accuracy()).isEqualTo(0.5);
            });
    assertThat(fresh.test()).isEqualTo(new TestSplit(5, "2026-01-02", 1));
  }

  @Test
  void measuresTheAnchorBesideTheCurrentModel(@TempDir Path root) {
    StageContext anchored = night(root, ROWS);
    Map<String, TextModel> models = candidateAndCurrent();
    models.put(Evaluation.ANCHOR, new EvaluationNight.WordModel("rise", 0.8f, false));

    Evaluate.run(anchored, CONFIG, models, Map.of("anchor", "2026-01-01.1"));

    HeadResult anchor = result(evaluation(anchored), "anchor", "test", "mood");
    assertThat(anchor.version()).isEqualTo("2026-01-01.1");
    assertThat(anchor.accuracy()).isEqualTo(0.8);
  }

  private static <T> T read(StageContext night, String file, Class<T> type) {
    return night.artefacts().open(TestNight.RUN.evaluation()).json(file, type);
  }

  @Test
  void boundsTheValuesOfASlice() {
    List<SliceResult> sources =
        evaluation(night).slices().stream()
            .filter(slice -> slice.slice().equals("source"))
            .filter(slice -> slice.model().equals("candidate") && slice.head().equals("mood"))
            .toList();
    assertThat(sources)
        .containsExactly(
            new SliceResult(
                "candidate", "mood", "source", "other", 3, 2.0 / 3, 0.4, Wilson.interval(2, 3)),
            new SliceResult("candidate", "mood", "source", "wire", 2, 1, 1, Wilson.interval(2, 2)));
  }

  @Test
  void slicesByAColumnOfTheUser() {
    assertThat(evaluation(night).slices())
        .filteredOn(slice -> slice.slice().equals("desk"))
        .filteredOn(slice -> slice.model().equals("candidate") && slice.head().equals("mood"))
        .extracting(slice -> slice.value() + " " + slice.rows() + " " + slice.accuracy())
        .containsExactly("other 2 1.0", "unknown 3 " + 2.0 / 3);
    Row row = predictions(night).where("id = 'f'").first();
    assertThat(row.<String, String>getJavaMap(row.fieldIndex("extra")))
        .containsExactly(Map.entry("desk", "north"));
  }

  @Test
  void showsTheSurestErrorsWithTextAndAttention() {
    List<Example> worst =
        evaluation(night).examples().stream()
            .filter(e -> e.kind().equals("worst-error") && e.head().equals("mood"))
            .toList();
    assertThat(worst).hasSize(1);
    assertThat(worst.get(0).id()).isEqualTo("i");
    assertThat(worst.get(0).expected()).isEqualTo("up");
    assertThat(worst.get(0).predicted()).isEqualTo("down");
    assertThat(worst.get(0).text()).isEqualTo(LONG.substring(0, 599)); // before half an emoji
    assertThat(worst.get(0).attention()).containsExactly(new AttendedSpan(0, 2, 0.75));
    assertThat(evaluation(night).examples())
        .extracting(Example::kind)
        .contains("least-certain", "typical");
  }

  @Test
  void givesTheSameWhateverTheSizeOfBatches(@TempDir Path root) {
    StageContext again = night(root, ROWS);
    EvaluateConfig single = new EvaluateConfig(1, 200, 7, 2, CONFIG.slices(), CONFIG.baseline());

    Evaluate.run(again, single, candidateAndCurrent(), Map.of("candidate", "2026-01-02.1"));

    assertThat(evaluation(again).results())
        .filteredOn(result -> !result.model().equals("baseline")) // sums in another order
        .isEqualTo(
            evaluation(night).results().stream()
                .filter(result -> !result.model().equals("baseline"))
                .toList());
    assertThat(evaluation(again).slices()).isEqualTo(evaluation(night).slices());
  }

  @Test
  void measuresThePartsOfTheCandidateToo(@TempDir Path root) {
    StageContext parted = night(root, ROWS);
    Map<String, TextModel> models = candidateAndCurrent();
    models.put(Evaluation.CANDIDATE, new PartedModel());

    Evaluate.run(parted, CONFIG, models, Map.of("candidate", "2026-01-02.1"));

    Evaluation found = evaluation(parted);
    assertThat(result(found, "candidate", "test", "mood"))
        .isEqualTo(result(evaluation(night), "candidate", "test", "mood"));
    assertThat(result(found, "candidate-network", "test", "mood").accuracy()).isEqualTo(0.8);
    assertThat(result(found, "candidate-linear", "test", "mood").rows()).isEqualTo(5);
    assertThat(result(found, "candidate-linear", "test", "mood").version()).isNull();
    assertThat(found.results())
        .filteredOn(result -> result.head().equals("kind"))
        .extracting(HeadResult::model)
        .contains("candidate-linear");
    assertThat(predictions(parted).columns())
        .contains("candidate_network", "candidate_linear_probability");
    assertThat(found.results())
        .as("the linear part has learned from the validation split")
        .filteredOn(result -> result.split().equals("validation"))
        .extracting(HeadResult::model)
        .containsOnly("candidate-network", "current", "baseline", "majority");
  }

  @Test
  void showsTheCalibrationBeforeTheModelWasScaled(@TempDir Path root) {
    StageContext scaled = night(root, ROWS);
    Map<String, TextModel> models = candidateAndCurrent();
    models.put(Evaluation.CANDIDATE, new ScaledModel());

    Evaluate.run(scaled, CONFIG, models, Map.of("candidate", "2026-01-02.1"));

    HeadResult mood = result(evaluation(scaled), "candidate", "test", "mood");
    assertThat(mood.temperature()).isEqualTo(2);
    // 0.9 was 0.9^2 / (0.9^2 + 0.1^2) before; 4 of 5 are right.
    assertThat(mood.rawCalibrationError()).isCloseTo(0.81 / 0.82 - 0.8, within(1e-6));
    assertThat(mood.calibrationError()).isCloseTo(0.1, within(1e-6));
    assertThat(result(evaluation(scaled), "candidate", "test", "kind").temperature()).isNull();
  }

  @Test
  void saysWhichSharesTheClassesHaveInTheTestSplit() {
    PriorShiftResult mood =
        evaluation(night).priors().stream()
            .filter(prior -> prior.head().equals("mood"))
            .findFirst()
            .orElseThrow();
    assertThat(mood.rows()).isEqualTo(5);
    assertThat(mood.accuracy()).isEqualTo(0.8);
    assertThat(mood.classes().get(1).label()).isEqualTo("up");
    assertThat(mood.classes().get(1).training()).isEqualTo(0.75);
    assertThat(mood.classes().get(1).labelled()).isEqualTo(0.4);
    // One of five texts has the word: 0.9 / 0.75 q against 0.1 / 0.25 (1 - q), and so on, has its
    // highest likelihood at the lower end.
    assertThat(mood.classes().get(1).estimated()).isLessThan(0.4);
    assertThat(mood.pValue()).isLessThan(0.05);
  }

  @Test
  void correctsTheAnswersToTheTestSplitForItsSharesIfToldSo(@TempDir Path root) {
    StageContext again = night(root, ROWS);
    EvaluateConfig estimated =
        new EvaluateConfig(
            2, 200, 7, 2, CONFIG.slices(), CONFIG.baseline(), EvaluateConfig.Prior.ESTIMATED, 0);

    Evaluate.run(again, estimated, candidateAndCurrent(), Map.of("candidate", "2026-01-02.1"));

    assertThat(evaluation(again).priors()).isEqualTo(evaluation(night).priors());
    assertThat(evaluation(night).prior()).isEqualTo("training");
    assertThat(evaluation(again).prior()).isEqualTo(Evaluation.ESTIMATED);
    double share = evaluation(night).priors().get(0).classes().get(1).estimated();
    Row raw = predictions(night).where("id = 'f' and head = 'mood'").first();
    Row corrected = predictions(again).where("id = 'f' and head = 'mood'").first();
    double up = 0.9 * share / 0.75;
    double down = 0.1 * (1 - share) / 0.25;
    assertThat(raw.<Float>getAs("candidate_label_probability")).isEqualTo(0.9f);
    assertThat((double) corrected.<Float>getAs("candidate_label_probability"))
        .isCloseTo(up / (up + down), within(1e-5));
    assertThat(corrected.isNullAt(corrected.fieldIndex("extra"))).isFalse();
    assertThat(read(again, KeptAnswers.FILE_NAME, KeptAnswers.class))
        .as("what a fresh process answers, which corrects nothing")
        .isEqualTo(read(night, KeptAnswers.FILE_NAME, KeptAnswers.class));
    String kept = "split = 'validation' and head = 'mood'";
    assertThat(predictions(again).where(kept).first().<Float>getAs("candidate_probability"))
        .isEqualTo(predictions(night).where(kept).first().<Float>getAs("candidate_probability"));
    assertThat(again.artefacts().verify(TestNight.RUN.evaluation()).files())
        .extracting(FileEntry::path)
        .noneMatch(path -> path.contains(ClassShares.UNCORRECTED));
  }

  /** Answers as {@link EvaluationNight.WordModel} does, and says that one head was scaled. */
  private record ScaledModel() implements TextModel {
    private static final TextModel WHOLE = candidateAndCurrent().get(Evaluation.CANDIDATE);

    @Override
    public float[][][] probabilities(List<String> texts) {
      return WHOLE.probabilities(texts);
    }

    @Override
    public Map<String, Double> temperatures() {
      return Map.of("mood", 2.0);
    }

    @Override
    public List<List<AttendedSpan>> attention(List<String> texts) {
      return WHOLE.attention(texts);
    }
  }

  /**
   * Answers as {@link EvaluationNight.WordModel} does, with two parts of which each answers less.
   */
  private record PartedModel() implements TextModel {
    private static final TextModel WHOLE = candidateAndCurrent().get(Evaluation.CANDIDATE);

    @Override
    public float[][][] probabilities(List<String> texts) {
      return WHOLE.probabilities(texts);
    }

    @Override
    public Map<String, float[][][]> answers(String name, List<String> texts) {
      return Map.of(
          name,
          probabilities(texts),
          name + "-network",
          new EvaluationNight.WordModel("rise", 0.9f, false).probabilities(texts),
          name + "-linear",
          new EvaluationNight.WordModel("fall", 0.4f, true).probabilities(texts));
    }

    @Override
    public boolean hasLearnedFromValidation() {
      return true;
    }

    @Override
    public List<List<AttendedSpan>> attention(List<String> texts) {
      return WHOLE.attention(texts);
    }
  }

  private static Evaluation evaluation(StageContext night) {
    return night
        .storage()
        .readJson(TestNight.RUN.evaluation() + "/evaluation.json", Evaluation.class);
  }

  private static Dataset<Row> predictions(StageContext night) {
    return TestNight.spark()
        .read()
        .parquet(night.storage().resolve(TestNight.RUN.evaluation() + "/predictions").toString());
  }

  private static HeadResult result(Evaluation evaluation, String model, String split, String head) {
    return evaluation.results().stream()
        .filter(r -> r.model().equals(model) && r.split().equals(split) && r.head().equals(head))
        .findFirst()
        .orElseThrow();
  }
}
