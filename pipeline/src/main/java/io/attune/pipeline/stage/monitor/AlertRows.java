package io.attune.pipeline.stage.monitor;

import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Tables;
import io.attune.pipeline.surge.Judgement;
import io.attune.pipeline.surge.Method;
import io.attune.pipeline.surge.Outcome;
import io.attune.pipeline.surge.alert.Alert;
import io.attune.pipeline.surge.alert.Episode;
import io.attune.pipeline.surge.alert.Severity;
import io.attune.schemas.report.SurgeAlert;
import io.attune.schemas.table.Alerts;
import java.sql.Date;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Writes and reads the table of alerts. */
final class AlertRows {
  private AlertRows() {}

  /** Replaces the rows of a run. Without alerts and without rows of the run nothing is written. */
  static void write(SparkSession spark, Tables tables, Run run, List<KnownAlert> alerts) {
    if (alerts.isEmpty() && !tables.runs(Alerts.SCHEMA).contains(run.id())) {
      return;
    }
    List<Row> rows = alerts.stream().map(alert -> row(alert, run)).toList();
    tables.replaceRun(
        Alerts.SCHEMA, run.id(), spark.createDataFrame(rows, Alerts.SCHEMA.columns()).coalesce(1));
  }

  private static Row row(KnownAlert alert, Run run) {
    Episode episode = alert.episode();
    return RowFactory.create(
        alert.id(),
        alert.series(),
        Date.valueOf(episode.from()),
        Date.valueOf(episode.to()),
        word(episode.severity()),
        alert.change(),
        alert.model(),
        alert.days().stream().map(AlertRows::row).toList().toArray(Row[]::new),
        run.id());
  }

  private static Row row(Alert day) {
    Judgement judgement = day.judgement();
    return RowFactory.create(
        Date.valueOf(judgement.day()),
        judgement.seen(),
        judgement.expected(),
        judgement.limit(),
        judgement.p(),
        day.q(),
        judgement.dispersion(),
        judgement.method().name().toLowerCase(Locale.ROOT),
        word(day.severity()),
        judgement.note(),
        day.covers().toArray(String[]::new));
  }

  static String word(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }

  /** Returns the alerts as the latest run before one left them. */
  static List<KnownAlert> before(Tables tables, Run run) {
    Optional<Run> latest =
        tables.runs(Alerts.SCHEMA).stream()
            .map(id -> Run.parse(run.task(), id))
            .filter(other -> other.compareTo(run) < 0)
            .max(Comparator.naturalOrder());
    return latest
        .map(
            earlier ->
                tables.readRun(Alerts.SCHEMA, earlier.id()).collectAsList().stream()
                    .map(AlertRows::known)
                    .sorted(Comparator.comparing(KnownAlert::id))
                    .toList())
        .orElse(List.of());
  }

  private static KnownAlert known(Row row) {
    String series = row.getAs(Alerts.SERIES);
    List<Alert> days = new ArrayList<>();
    for (Row day : row.<Row>getList(row.fieldIndex(Alerts.DAYS))) {
      days.add(day(series, day));
    }
    days.sort(Comparator.comparing(day -> day.judgement().day()));
    Judgement peak =
        days.stream()
            .map(Alert::judgement)
            .max(
                Comparator.comparingDouble(Judgement::score)
                    .thenComparing(Judgement::day, Comparator.reverseOrder()))
            .orElseThrow();
    String change = row.getAs(Alerts.CHANGE);
    return new KnownAlert(
        row.getAs(Alerts.ID),
        new Episode(
            series,
            row.<Date>getAs(Alerts.SINCE).toLocalDate(),
            row.<Date>getAs(Alerts.LAST).toLocalDate(),
            change.equals(SurgeAlert.ENDED),
            severity(row.getAs(Alerts.SEVERITY)),
            peak),
        days,
        change,
        row.getAs(Alerts.MODEL));
  }

  private static Alert day(String series, Row row) {
    return new Alert(
        new Judgement(
            series,
            row.<Date>getAs(Alerts.DAY).toLocalDate(),
            row.<Long>getAs(Alerts.SEEN),
            row.<Double>getAs(Alerts.EXPECTED),
            row.<Double>getAs(Alerts.LIMIT),
            row.<Double>getAs(Alerts.P),
            row.<Double>getAs(Alerts.DISPERSION),
            Method.valueOf(row.<String>getAs(Alerts.METHOD).toUpperCase(Locale.ROOT)),
            Outcome.SURGE,
            row.getAs(Alerts.NOTE)),
        row.<Double>getAs(Alerts.Q),
        severity(row.getAs(Alerts.SEVERITY)),
        row.getList(row.fieldIndex(Alerts.COVERS)));
  }

  private static Severity severity(String word) {
    return Severity.valueOf(word.toUpperCase(Locale.ROOT));
  }
}
