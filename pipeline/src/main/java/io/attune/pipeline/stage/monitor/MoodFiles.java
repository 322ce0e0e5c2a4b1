package io.attune.pipeline.stage.monitor;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.alert.Outbox;
import io.attune.pipeline.figure.Figures;
import io.attune.pipeline.stage.monitor.Corrections.Corrected;
import io.attune.pipeline.stage.monitor.Stories.Answer;
import io.attune.pipeline.stage.monitor.Stories.Question;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.surge.Judgement;
import io.attune.pipeline.surge.alert.Alert;
import io.attune.schemas.json.Json;
import io.attune.schemas.report.AlertFile;
import io.attune.schemas.report.Mood;
import io.attune.schemas.report.Mood.LeftOut;
import io.attune.schemas.report.Mood.Rate;
import io.attune.schemas.report.Mood.Series;
import io.attune.schemas.report.Mood.Story;
import io.attune.schemas.report.SurgeAlert;
import io.attune.schemas.report.SurgeAlert.Course;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Publishes what a night has found, and puts new alerts where they wait for delivery. */
final class MoodFiles {
  /** Days before today that its share is compared with. */
  private static final int BEFORE = 28;

  private final StageContext context;
  private final StageInputs inputs;
  private final Run run;

  MoodFiles(StageContext context, StageInputs inputs) {
    this.context = context;
    this.inputs = inputs;
    this.run = context.run();
  }

  /**
   * Holds what is published.
   *
   * @param questions first those of the alerts with headlines, in their order
   * @param answers to the questions, or none where nobody asked
   * @param shownDays of charts
   */
  record Found(
      String model,
      MoodHeads heads,
      Mood.Asked asked,
      Today today,
      List<SeriesCounts> series,
      Corrections errors,
      List<LeftOut> leftOut,
      SurgeSearch.Result surges,
      List<Question> questions,
      List<Answer> answers,
      int shownDays) {

    private Answer answer(int question) {
      return answers.isEmpty() ? Answer.NONE : answers.get(question);
    }
  }

  /** Publishes the reason why there is nothing else. */
  StageResult nothing(String why, String model, Mood.Asked asked) {
    Mood mood =
        new Mood(
            Mood.VERSION,
            run.task(),
            run.id(),
            run.date().toString(),
            null,
            model,
            why,
            asked,
            new Mood.Arrivals(0, 0, 0, 0, 0, 0),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    return publish(mood, alerts(why, List.of()), "nothing to follow: " + why);
  }

  StageResult publish(Found found) {
    List<SurgeAlert> alerts = new ArrayList<>();
    List<KnownAlert> shown = found.surges().shown();
    for (int i = 0; i < shown.size(); i++) {
      KnownAlert known = shown.get(i);
      alerts.add(
          alert(
              known,
              i < found.surges().headlined().size() ? found.answer(i) : Answer.NONE,
              course(found.series(), known, found.today().last(), found.shownDays())));
    }
    String note = found.heads().note().isEmpty() ? null : found.heads().note();
    Mood mood =
        new Mood(
            Mood.VERSION,
            run.task(),
            run.id(),
            run.date().toString(),
            found.today().last().toString(),
            found.model(),
            note,
            found.asked(),
            found.today().arrivals(),
            found.series().stream()
                .map(counts -> series(counts, found))
                .sorted(MoodFiles::mostFrequentFirst)
                .toList(),
            found.leftOut(),
            stories(found, found.surges().headlined().size()),
            found.surges().explained());
    return publish(mood, alerts(note, alerts), summary(found, alerts));
  }

  private AlertFile alerts(String note, List<SurgeAlert> alerts) {
    return new AlertFile(
        AlertFile.VERSION, run.task(), run.id(), run.date().toString(), note, alerts);
  }

  private StageResult publish(Mood mood, AlertFile alerts, String summary) {
    // Before they are published: what a killed process has not told of, the next one tells.
    Outbox.of(context.storage(), run.task()).add(run.id(), alerts.news());
    Map<String, Long> counts = new TreeMap<>();
    counts.put("documents", mood.arrivals().documents());
    counts.put("series", (long) mood.series().size());
    counts.put("alerts", (long) alerts.news().size());
    context
        .artefacts()
        .publish(
            run.mood(),
            inputs.provenance(),
            staging -> {
              staging.write(Mood.FILE_NAME, Json.pretty(mood));
              staging.write(AlertFile.FILE_NAME, Json.pretty(alerts));
              staging.write(AlertFile.TEXT, AlertText.of(alerts).getBytes(StandardCharsets.UTF_8));
              return counts;
            });
    return new StageResult(run.mood(), summary, counts);
  }

  private static String summary(Found found, List<SurgeAlert> alerts) {
    long news = alerts.stream().filter(SurgeAlert::isNews).count();
    String judged =
        "%s series, days %s"
            .formatted(Figures.count(found.series().size()), found.today().judged());
    if (found.heads().sentiment().isEmpty()) {
      return judged + ", no mood: " + found.heads().note();
    }
    Mood.Arrivals arrivals = found.today().arrivals();
    StringBuilder summary = new StringBuilder(judged);
    summary.append(news == 0 ? ", no new alert" : ", " + Figures.of(news, "new alert"));
    said(summary, arrivals.late(), "late");
    said(summary, arrivals.undated(), "undated");
    said(summary, arrivals.future(), "future-dated");
    said(summary, arrivals.unread(), "unread");
    return summary.toString();
  }

  private static void said(StringBuilder summary, long number, String what) {
    if (number > 0) {
      summary.append(", ").append(Figures.count(number)).append(' ').append(what);
    }
  }

  /** Returns the counts of the series of an alert up to a day; none if it is not followed. */
  static Course course(List<SeriesCounts> series, KnownAlert alert, LocalDate to, int days) {
    SeriesKey key = SeriesKey.parse(alert.series());
    return series.stream()
        .filter(counts -> counts.key().equals(key))
        .findFirst()
        .map(counts -> counts.course(to, days))
        .orElseGet(() -> new Course(to.toString(), List.of(), List.of()));
  }

  static SurgeAlert alert(KnownAlert alert, Answer answer, Course course) {
    SeriesKey key = SeriesKey.parse(alert.series());
    Alert peak = alert.peak();
    Judgement judgement = peak.judgement();
    return new SurgeAlert(
        alert.id(),
        new SurgeAlert.Subject(
            key.series(),
            key.kind(),
            key.name(),
            SeriesKey.isShare(alert.series()) ? "share" : "count"),
        alert.change(),
        AlertRows.word(alert.episode().severity()),
        new SurgeAlert.Span(
            alert.episode().from().toString(),
            judgement.day().toString(),
            alert.episode().to().toString()),
        new SurgeAlert.Peak(
            judgement.seen(),
            judgement.expected(),
            judgement.limit(),
            judgement.p(),
            peak.q(),
            judgement.method().words(),
            judgement.note()),
        alert.days().stream().flatMap(day -> day.covers().stream()).distinct().sorted().toList(),
        alert.model(),
        answer.headlines(),
        answer.words(),
        course);
  }

  private static Series series(SeriesCounts counts, Found found) {
    LocalDate today = found.today().last();
    LocalDate yesterday = today.minusDays(1);
    return new Series(
        counts.key().kind(),
        counts.key().name(),
        counts.course(today, found.shownDays()),
        rate(counts, found, List.of(today, today)),
        rate(counts, found, List.of(today.minusDays(BEFORE), yesterday)));
  }

  private static Rate rate(SeriesCounts counts, Found found, List<LocalDate> days) {
    long documents = counts.documents(days.get(0), days.get(1));
    long negatives = counts.negatives(days.get(0), days.get(1));
    if (documents == 0 || found.heads().sentiment().isEmpty()) {
      return new Rate(documents, negatives, null, null, null);
    }
    Optional<Corrected> corrected = found.errors().correct(found.model(), documents, negatives);
    return new Rate(
        documents,
        negatives,
        (double) negatives / documents,
        corrected.map(Corrected::share).orElse(null),
        corrected.map(Corrected::interval).orElse(null));
  }

  private static int mostFrequentFirst(Series one, Series other) {
    return Comparator.comparingInt((Series series) -> SeriesKey.KINDS.indexOf(series.kind()))
        .thenComparing(
            series -> series.today().documents() + series.before().documents(),
            Comparator.reverseOrder())
        .thenComparing(Series::name)
        .compare(one, other);
  }

  private static List<Story> stories(Found found, int from) {
    Map<SeriesKey, Story> stories = new LinkedHashMap<>();
    for (int i = from; i < found.questions().size(); i++) {
      SeriesKey key = found.questions().get(i).key();
      Answer answer = found.answer(i);
      if (!answer.headlines().isEmpty()) {
        stories.put(key, new Story(key.kind(), key.name(), answer.headlines()));
      }
    }
    return List.copyOf(stories.values());
  }
}
