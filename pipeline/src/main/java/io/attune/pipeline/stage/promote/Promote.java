package io.attune.pipeline.stage.promote;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.storage.AnchorModel;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.CurrentModel.Move;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.report.VerdictRecord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Moves the pointer to the current model as far as verdicts allow, and back. */
public final class Promote {
  private Promote() {}

  /**
   * Makes the candidate the current model if its verdict says so, or its linear part alone, which
   * it then publishes as a model of its own; a refusal is a result, not a failure. Running it twice
   * is running it once.
   *
   * @throws Failure.BadInput if verdict or bundle are missing or damaged
   */
  public static StageResult run(StageContext context) {
    VerdictRecord verdict = verdict(context.storage(), context.run());
    Optional<String> refusal = refusal(context.storage(), context.run(), verdict);
    return refusal.isPresent()
        ? result(context.run().task(), "kept: " + refusal.get(), 0)
        : point(context, verdict);
  }

  /**
   * Checks that {@link #run} would make the model of a run current, or that it is current.
   *
   * @throws Failure.ModelRefused with the reasons, if the verdict is to keep the current model, or
   *     compared with another than is current now
   * @throws Failure.BadInput if the verdict is missing or damaged
   */
  public static void requirePromotable(Storage storage, Run run) {
    Optional<String> refusal = refusal(storage, run, verdict(storage, run));
    if (refusal.isPresent()) {
      throw new Failure.ModelRefused(
          "Model %s of task '%s' is not promoted: %s", run.id(), run.task(), refusal.get());
    }
  }

  /**
   * Makes a model current that was so before. Its bundle is checked byte by byte first.
   *
   * @param version empty for the one before the model in use; going back so twice goes back two
   * @throws Failure.BadInput if it never was current, or its bundle is missing or damaged
   */
  public static StageResult rollback(
      Storage storage, String task, Optional<String> version, Clock clock) {
    CurrentModel pointer = CurrentModel.of(storage, task);
    String to = version.orElseGet(() -> previous(pointer, task));
    List<String> known = pointer.history().stream().map(Move::version).distinct().toList();
    if (!known.contains(to)) {
      throw new Failure.BadInput(
          "Cannot go back to model %s of task '%s': it never was current; these were: %s",
          to, task, known.isEmpty() ? "none" : String.join(", ", known));
    }
    String from = pointer.version().orElseThrow();
    if (from.equals(to)) {
      return result(task, to + " is the current model already", 0);
    }
    var unused = Artefacts.of(storage).verify(Run.modelOf(task, to));
    pointer.pointTo(to, "rolled back from " + from, clock);
    return result(task, "rolled back from " + from + " to " + to, 1);
  }

  /**
   * Pins the model that new ones are held against besides the current one. Its bundle is checked
   * byte by byte first.
   *
   * @param version of any published model; empty for the model in use
   * @throws Failure.BadInput if there is none, or its bundle is missing or damaged
   */
  public static StageResult pinAnchor(
      Storage storage, String task, Optional<String> version, Clock clock) {
    AnchorModel anchor = AnchorModel.of(storage, task);
    String to =
        version
            .or(() -> CurrentModel.of(storage, task).version())
            .orElseThrow(
                () ->
                    new Failure.BadInput(
                        "No model of task '%s' is in use yet, so that there is none to pin; name a"
                            + " published one, or run a night that promotes one",
                        task));
    String bundle = Run.modelOf(task, to);
    if (!Artefacts.of(storage).isPublished(bundle)) {
      throw new Failure.BadInput(
          "There is no model %s of task '%s' below '%s' to pin; attune runs lists the runs, whose"
              + " ids are the versions of their models",
          to, task, storage.root());
    }
    var unused = Artefacts.of(storage).verify(bundle);
    String before = anchor.version().orElse("none");
    anchor.pin(to, "accepted in place of " + before, clock);
    return new StageResult(
        "models/" + task + "/anchor",
        before.equals(to)
            ? to + " is the anchor"
            : "%s is the anchor from now on, in place of %s".formatted(to, before),
        Map.of());
  }

  private static String previous(CurrentModel pointer, String task) {
    List<String> line = line(pointer.history());
    if (line.size() < 2) {
      throw new Failure.BadInput(
          "There is no model of task '%s' to go back to: %s; promote one first",
          task,
          line.isEmpty()
              ? "none was ever promoted"
              : line.get(0) + " is the first that was ever current");
    }
    return line.get(line.size() - 2);
  }

  private static VerdictRecord verdict(Storage storage, Run run) {
    return Artefacts.of(storage)
        .open(run.verdict())
        .verify()
        .json(VerdictRecord.FILE_NAME, VerdictRecord.class);
  }

  /** Returns why the pointer must stay; empty if it may move. */
  private static Optional<String> refusal(Storage storage, Run run, VerdictRecord verdict) {
    if (!verdict.promotes()) {
      return Optional.of(String.join(" ", verdict.reasons()));
    }
    Optional<String> current = CurrentModel.of(storage, run.task()).version();
    boolean there = current.equals(Optional.of(verdict.promoted()));
    if (there || current.equals(Optional.ofNullable(verdict.current()))) {
      return Optional.empty();
    }
    return Optional.of(
        "it was compared with %s, and %s is current now; run a night that compares it again"
            .formatted(
                verdict.current() == null ? "no model" : verdict.current(),
                current.orElse("no model")));
  }

  private static StageResult point(StageContext context, VerdictRecord verdict) {
    Run run = context.run();
    String version = verdict.promoted();
    CurrentModel pointer = CurrentModel.of(context.storage(), run.task());
    if (pointer.version().equals(Optional.of(version))) {
      return result(run.task(), version + " is the current model already", 0);
    }
    if (verdict.promotesLinearPart()) {
      new LinearAlone(context, verdict).publish();
    }
    var unused = context.artefacts().verify(Run.modelOf(run.task(), version));
    String before = pointer.version().map(from -> " in place of " + from).orElse("");
    pointer.pointTo(
        version,
        verdict.headline() == null
            ? "promoted by its verdict"
            : "promoted by its verdict: " + verdict.headline(),
        context.recorder().clock());
    return result(run.task(), "promoted " + version + before, 1);
  }

  /**
   * Returns the models that led to the one in use, oldest first: returning to a model removes all
   * that came after it.
   */
  private static List<String> line(List<Move> history) {
    List<String> line = new ArrayList<>();
    for (Move move : history) {
      int earlier = line.indexOf(move.version());
      if (earlier >= 0) {
        line.subList(earlier + 1, line.size()).clear();
      } else {
        line.add(move.version());
      }
    }
    return line;
  }

  private static StageResult result(String task, String summary, long moves) {
    return new StageResult("models/" + task + "/current", summary, Map.of("moves", moves));
  }
}
