package io.attune.jobs;

import io.attune.jobs.console.Console;
import io.attune.jobs.night.NightState;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.IntakeRecord;
import io.attune.schemas.model.IntakeRecord.IngestedFile;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.table.Split;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Shows what one run found: the report in a few lines.")
final class ShowJob implements Callable<Integer> {
  private static final int MOST_FILES = 20;

  @Mixin RootOptions options;

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "Such as 2026-01-02.1 (default: the latest with a report).")
  String run;

  @Option(
      names = "--task",
      paramLabel = "TASK",
      description = "The task, if the root holds several.")
  String task;

  @Option(names = "--json", description = "Print report.json.")
  boolean json;

  @Override
  public Integer call() {
    Storage storage = options.open();
    Run found = find(storage);
    Artefact report = Artefacts.of(storage).open(found.report());
    if (json) {
      Terminal.out().writeBytes(report.bytes(NightReport.FILE_NAME));
      Terminal.out().flush();
    } else {
      NightReport night = report.json(NightReport.FILE_NAME, NightReport.class);
      print(Terminal.console(), storage, found, night);
      printFiles(Terminal.console(), storage, found);
    }
    return ExitCodes.DONE;
  }

  private Run find(Storage storage) {
    List<Run> reported =
        storage.list("runs").stream()
            .filter(name -> task == null || task.equals(name))
            .flatMap(name -> NightState.all(storage, name).stream())
            .map(NightState::toRun)
            .filter(candidate -> Artefacts.of(storage).isPublished(candidate.report()))
            .filter(candidate -> run == null || candidate.id().equals(run))
            .sorted(Comparator.comparing(Run::date).thenComparing(Run::counter))
            .toList();
    if (reported.isEmpty()) {
      throw new Failure.BadInput(
          "There is no report%s below '%s'; attune runs lists the existing runs",
          run == null ? "" : " of run '" + run + "'", storage.root());
    }
    return reported.get(reported.size() - 1);
  }

  private static void print(Console console, Storage storage, Run run, NightReport report) {
    console.line("Run %s of task %s".formatted(run.id(), run.task()));
    console.line("");
    console.line(
        String.format(
            Locale.ROOT, "  %-17s %-11s %-16s  accuracy   macro-F1", "model", "split", "head"));
    for (HeadResult result : report.evaluation()) {
      console.line(
          String.format(
              Locale.ROOT,
              "  %-17s %-11s %-16s %9.4f  %9.4f",
              result.model(),
              result.split(),
              result.head(),
              result.accuracy(),
              result.macroF1()));
    }
    if (!hasCandidateOnValidation(report)) {
      console.line(
          "  A model with a linear part has no figures on the validation split: it has learned from"
              + " those rows too.");
    }
    console.line("");
    console.line("Verdict: " + report.verdict().decision());
    if (report.verdict().headline() != null) {
      console.line("  " + report.verdict().headline());
    }
    report.verdict().reasons().forEach(reason -> console.line("  " + reason));
    console.line("");
    console.line("Report: " + storage.resolve(run.report() + "/" + NightReport.PAGE));
  }

  /** Returns whether the candidate was measured on the validation split, if any model was. */
  private static boolean hasCandidateOnValidation(NightReport report) {
    List<String> models =
        report.evaluation().stream()
            .filter(result -> result.split().equals(Split.VALIDATION.word()))
            .map(HeadResult::model)
            .toList();
    return models.isEmpty() || models.contains(Evaluation.CANDIDATE);
  }

  /** Lists what came of each file that the run ingested. */
  private static void printFiles(Console console, Storage storage, Run run) {
    if (!Artefacts.of(storage).isPublished(run.intake())) {
      return;
    }
    List<IngestedFile> files =
        Artefacts.of(storage)
            .open(run.intake())
            .json(IntakeRecord.FILE_NAME, IntakeRecord.class)
            .files();
    console.line("");
    console.line("Files: " + files.size());
    for (IngestedFile file : files.subList(0, Math.min(MOST_FILES, files.size()))) {
      console.line("  %s: %s".formatted(file.path(), file.outcome()));
    }
    if (files.size() > MOST_FILES) {
      console.line(
          "  and %,d others, in %s"
              .formatted(
                  files.size() - MOST_FILES,
                  storage.resolve(run.intake() + "/" + IntakeRecord.FILE_NAME)));
    }
  }
}
