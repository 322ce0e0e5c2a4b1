package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.table.Split;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Holds the values of a night's page, bounded, in the order in which they are read.
 *
 * @param night the date in words
 * @param verdict null if the night has no verdict
 * @param training null if the night trained no model
 * @param hasMood whether there is a page of the mood next to this one
 */
record NightPage(
    String task,
    String run,
    String night,
    VerdictView verdict,
    List<Tile> tiles,
    List<HeadView> heads,
    IntakeView intake,
    List<TrendView> trends,
    TrainingView training,
    List<SliceView> slices,
    Truncated<ExampleView.Group> examples,
    StagesView stages,
    LineageView lineage,
    DriftView drift,
    FreshView fresh,
    boolean hasMood) {
  /** Names the mood among the artefacts that the report was made from. */
  private static final String MOOD = "mood";

  private static final DateTimeFormatter IN_WORDS =
      DateTimeFormatter.ofPattern("EEEE, d MMMM yyyy", Locale.ENGLISH);

  /** Holds a number of the summary at the top. */
  record Tile(String name, String figure, List<String> details) {
    Tile {
      details = List.copyOf(details);
    }
  }

  /** Returns the page's values of a night, no more of each than the limits allow. */
  static NightPage of(NightReport night, PageLimits limits) {
    Map<String, List<HeadResult>> byHead = testedHeads(night.evaluation());
    List<HeadView> heads = new ArrayList<>();
    byHead.forEach(
        (head, results) -> {
          if (heads.size() < limits.classes()) {
            heads.add(HeadView.of(results, "head-" + heads.size(), limits));
          }
        });
    IntakeView intake = IntakeView.of(night, limits);
    return new NightPage(
        Figures.cut(night.task(), 80),
        Figures.cut(night.run(), 40),
        inWords(night.date()),
        night.verdict() == null ? null : VerdictView.of(night, limits),
        tiles(night, byHead, intake, limits),
        heads,
        intake,
        TrendView.of(night, limits),
        night.training() == null ? null : TrainingView.of(night.training()),
        SliceView.of(night, limits),
        ExampleView.grouped(night.examples(), limits.examples()),
        StagesView.of(night.stages(), limits),
        LineageView.of(night.lineage()),
        DriftView.of(night, limits),
        FreshView.of(night.fresh(), limits),
        night.lineage().containsKey(MOOD));
  }

  /** Returns a date such as {@code Tuesday, 6 January 2026}. */
  static String inWords(String date) {
    try {
      return LocalDate.parse(date).format(IN_WORDS);
    } catch (DateTimeParseException e) {
      return Figures.cut(date, 40);
    }
  }

  /**
   * Returns the results on the test split by head, in the order given; those on the first split if
   * there are none on the test split.
   */
  static Map<String, List<HeadResult>> testedHeads(List<HeadResult> evaluation) {
    String test = Split.TEST.word();
    boolean tested = evaluation.stream().anyMatch(r -> r.split().equals(test));
    String split = tested || evaluation.isEmpty() ? test : evaluation.get(0).split();
    Map<String, List<HeadResult>> byHead = new LinkedHashMap<>();
    for (HeadResult result : evaluation) {
      if (result.split().equals(split)) {
        byHead.computeIfAbsent(result.head(), head -> new ArrayList<>()).add(result);
      }
    }
    return byHead;
  }

  private static List<Tile> tiles(
      NightReport night,
      Map<String, List<HeadResult>> byHead,
      IntakeView intake,
      PageLimits limits) {
    List<Tile> tiles = new ArrayList<>();
    byHead.values().stream()
        .limit(limits.classes())
        .flatMap(results -> results.stream().filter(r -> r.model().equals(Evaluation.CANDIDATE)))
        .forEach(result -> tiles.add(tile(result, byHead.get(result.head()))));
    tiles.add(
        new Tile(
            "documents ingested",
            Figures.count(intake.documents()),
            List.of(Figures.of(intake.rejected(), "record") + " rejected")));
    if (night.training() != null) {
      long rows = night.rows().getOrDefault(Split.TRAIN.word(), 0L);
      long tokens = night.tokens().getOrDefault(Split.TRAIN.word(), 0L);
      List<String> details = new ArrayList<>();
      details.add(Figures.of(rows, "row") + ", " + Figures.rough(tokens) + " tokens");
      if (night.training().epochs() > 0) {
        details.add(Figures.rough(night.training().tokensPerSecond()) + " tokens per second");
      }
      tiles.add(new Tile("training time", Figures.duration(night.training().seconds()), details));
    }
    return tiles;
  }

  private static Tile tile(HeadResult candidate, List<HeadResult> all) {
    List<String> details = new ArrayList<>();
    if (candidate.accuracyInterval() != null) {
      details.add(
          "95% interval "
              + Figures.percentRange(
                  candidate.accuracyInterval().low(), candidate.accuracyInterval().high()));
    }
    for (HeadResult other : all) {
      if (other.model().equals(Evaluation.CURRENT)) {
        details.add(
            Figures.points(candidate.accuracy() - other.accuracy())
                + " points against the current model");
      } else if (other.model().equals(Evaluation.BASELINE)) {
        details.add(
            Figures.points(candidate.accuracy() - other.accuracy())
                + " points against the baseline");
      }
    }
    return new Tile(
        Figures.cut(candidate.head(), 40) + " accuracy",
        Figures.percent(candidate.accuracy()),
        details);
  }
}
