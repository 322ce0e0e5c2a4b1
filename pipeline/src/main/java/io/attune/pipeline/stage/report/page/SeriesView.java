package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import io.attune.pipeline.stage.report.chart.DayChart;
import io.attune.pipeline.stage.report.chart.Svg;
import io.attune.schemas.report.Mood.Rate;
import io.attune.schemas.report.Mood.Series;
import java.time.LocalDate;

/**
 * Shows how one series moved.
 *
 * @param share of negative documents of the last day, as the model answered
 * @param corrected for the model's errors, with its interval; empty where that is not possible
 * @param before the share of the four weeks before
 * @param change in percentage points
 * @param isWorse whether the share of today lies above that of the weeks before
 * @param chart null without daily counts
 */
record SeriesView(
    String name,
    String documents,
    String negative,
    String share,
    String corrected,
    String before,
    String change,
    boolean isWorse,
    Svg chart) {
  private static final int NAME = 60;

  /**
   * Shows a series.
   *
   * @param id of the chart within the page; null for none
   * @param highest share of the charts that are compared
   */
  static SeriesView of(Series series, String id, double highest) {
    double today = share(series.today());
    double before = share(series.before());
    return new SeriesView(
        series.name().isEmpty() ? "whole market" : Figures.cut(series.name(), NAME),
        Figures.count(series.today().documents()),
        Figures.count(series.today().negative()),
        Figures.percent(today),
        corrected(series.today()),
        Figures.percent(before),
        Figures.points(today - before),
        today > before,
        id == null || series.course().documents().isEmpty()
            ? null
            : DayChart.mood(
                id, "Mood of " + Figures.cut(series.name(), NAME), days(series), highest));
  }

  static DayChart.Days days(Series series) {
    return new DayChart.Days(
        LocalDate.parse(series.course().first()),
        series.course().documents(),
        series.course().negative());
  }

  private static double share(Rate rate) {
    return rate.share() == null ? Double.NaN : rate.share();
  }

  /** Returns the corrected share with its interval, in words. */
  static String corrected(Rate rate) {
    return rate.corrected() == null || rate.interval() == null
        ? ""
        : Figures.percent(rate.corrected())
            + " ("
            + Figures.percentRange(rate.interval().low(), rate.interval().high())
            + ")";
  }
}
