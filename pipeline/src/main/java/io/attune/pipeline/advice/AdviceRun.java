package io.attune.pipeline.advice;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.advice.LabelRequests.Requested;
import io.attune.pipeline.advice.Reasons.Conclusion;
import io.attune.pipeline.advice.Reasons.Found;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Scratch;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.report.Advice;
import io.attune.schemas.report.Advice.FreshAccuracy;
import io.attune.schemas.report.Advice.HeadDrift;
import io.attune.schemas.report.Advice.Reason;
import io.attune.schemas.report.Advice.Window;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Scores;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Looks at the model in use and at what it read, and publishes the advice of one night. */
public final class AdviceRun {
  private final StageContext context;
  private final AdviceConfig config;
  private final StageInputs inputs;
  private final Run run;

  /**
   * Prepares the advice of a night.
   *
   * @param inputs of the stage that asks, used for this alone
   */
  public AdviceRun(StageContext context, AdviceConfig config, StageInputs inputs) {
    this.context = context;
    this.config = config;
    this.inputs = inputs;
    this.run = context.run();
  }

  /**
   * Publishes {@link Run#advice()}, unless a process that was killed has done so. Without a model
   * or without answers it says why.
   *
   * @throws io.attune.schemas.failure.Failure.BadInput if the model, its evaluation or a verdict is
   *     damaged
   */
  public Advice publish() {
    if (context.artefacts().isPublished(run.advice())) {
      return context.artefacts().open(run.advice()).json(Advice.FILE_NAME, Advice.class);
    }
    Result result;
    try (Scratch scratch = new Scratch()) {
      result = result(scratch);
    }
    context
        .artefacts()
        .publish(
            run.advice(),
            inputs.provenance(),
            staging -> {
              staging.write(Advice.FILE_NAME, Json.pretty(result.advice()));
              staging.write(Advice.REQUESTS, result.table().getBytes(StandardCharsets.UTF_8));
              return Map.of("requests", (long) result.advice().requests().size());
            });
    return result.advice();
  }

  private record Result(Advice advice, String table) {}

  private Result result(Scratch scratch) {
    Optional<String> version = CurrentModel.of(context.storage(), run.task()).version();
    if (version.isEmpty()) {
      return nothing("No model is in use yet, so there is nothing to advise on.");
    }
    Tables tables = context.tables();
    if (!hasRows(tables)) {
      return nothing("No document has been scored yet, so nothing can be compared.");
    }
    String model = version.get();
    Dataset<Row> clean =
        tables.readAt(CleanDocuments.SCHEMA, inputs.snapshot(CleanDocuments.SCHEMA));
    Dataset<Row> scores = tables.readAt(Scores.SCHEMA, inputs.snapshot(Scores.SCHEMA));
    LabelSets labels =
        inputs
            .open("model", Run.modelOf(run.task(), model))
            .json(ModelBundle.LABELS, LabelSets.class);
    Run trained = Run.ofVersion(run.task(), model);
    RecentDocuments documents =
        context.describe(
            "monitor: count recent documents",
            () -> RecentDocuments.of(context.storage(), clean, trained, run));
    Window window = documents.window(config);
    Dataset<Row> answers =
        context.describe(
            "monitor: join recent documents with answers",
            () -> scratch.keep(RecentAnswers.of(documents.in(window), scores, model)));
    List<String> unknown = new ArrayList<>();
    Optional<TestAnswers> test = test(trained, model, unknown);
    List<HeadDrift> drift =
        context.describe(
            "monitor: compare answers with the test split",
            () -> test.map(found -> drift(labels, answers, found, unknown)).orElse(List.of()));
    LaterNights nights = LaterNights.of(context.storage(), run, model);
    List<FreshAccuracy> fresh = test.map(nights::accuracies).orElse(List.of());
    List<Requested> requests =
        context.describe(
            "monitor: choose texts to label",
            () -> new LabelRequests(clean, run.task().hashCode()).of(answers, config.labels()));
    Advice.Model facts =
        new Advice.Model(
            model,
            trained.date().toString(),
            Math.max(0, ChronoUnit.DAYS.between(trained.date(), run.date())),
            documents.learned(),
            documents.waiting(),
            nights.refused());
    Conclusion conclusion = Reasons.of(new Found(facts, window, drift, fresh, nights, unknown));
    Advice advice =
        advice(
            conclusion,
            facts,
            window,
            drift,
            fresh,
            requests.stream().map(Requested::request).toList());
    List<String> heads = labels.heads().stream().map(Head::name).toList();
    return new Result(advice, RequestTable.of(requests, heads, config.labelColumns()));
  }

  private static boolean hasRows(Tables tables) {
    return tables.exists(Scores.SCHEMA)
        && tables.snapshot(Scores.SCHEMA) != 0
        && tables.exists(CleanDocuments.SCHEMA)
        && tables.snapshot(CleanDocuments.SCHEMA) != 0;
  }

  private Result nothing(String why) {
    Conclusion conclusion = new Conclusion(Advice.NONE, List.of(new Reason("unknown", false, why)));
    return new Result(
        advice(conclusion, null, null, List.of(), List.of(), List.of()),
        RequestTable.of(List.of(), List.of(), Map.of()));
  }

  private Advice advice(
      Conclusion conclusion,
      Advice.Model model,
      Window window,
      List<HeadDrift> drift,
      List<FreshAccuracy> fresh,
      List<Advice.Request> requests) {
    return new Advice(
        Advice.VERSION,
        run.task(),
        run.id(),
        run.date().toString(),
        conclusion.verdict(),
        conclusion.reasons(),
        model,
        window,
        drift,
        fresh,
        requests);
  }

  /** Returns the answers on the test split; empty, with the reason, if they are not there. */
  private Optional<TestAnswers> test(Run trained, String model, List<String> unknown) {
    if (!context.artefacts().isPublished(trained.evaluation())) {
      unknown.add(
          "The evaluation of %s is not there, so its answers cannot be compared with those on its test split."
              .formatted(model));
      return Optional.empty();
    }
    TestAnswers test =
        context.describe(
            "monitor: count answers on the test split",
            () ->
                TestAnswers.of(
                    context.spark(),
                    inputs.open("evaluation of " + model, trained.evaluation()),
                    model));
    if (test.counts().isEmpty()) {
      unknown.add(
          "The evaluation of %s holds no predictions, so its answers cannot be compared with those on its test split."
              .formatted(model));
    }
    return Optional.of(test);
  }

  private static List<HeadDrift> drift(
      LabelSets labels, Dataset<Row> answers, TestAnswers test, List<String> unknown) {
    if (test.counts().isEmpty()) {
      return List.of();
    }
    Map<String, AnswerCounts> now = RecentAnswers.counts(answers, Scores.LABEL);
    List<ScoreDrift.Head> heads = new ArrayList<>();
    for (Head head : labels.heads()) {
      if (!test.isComparable(head.name())) {
        unknown.add(
            "Predictions of '%s' on the test split are corrected for other shares of the classes (evaluate.prior), so answers cannot be compared with them."
                .formatted(head.name()));
        continue;
      }
      heads.add(
          new ScoreDrift.Head(
              head.name(),
              now.getOrDefault(head.name(), AnswerCounts.none()),
              test.counts().getOrDefault(head.name(), AnswerCounts.none()),
              test.isScaled()));
    }
    if (now.isEmpty()) {
      unknown.add(
          "The model in use has not read any recent document that it has not learned from, so no drift of its answers is known.");
    }
    return ScoreDrift.of(heads);
  }
}
