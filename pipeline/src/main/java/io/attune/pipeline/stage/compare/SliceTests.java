package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.Holm;
import io.attune.pipeline.metric.McNemar;
import io.attune.pipeline.stage.compare.Verdict.Versions;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.SliceResult;
import io.attune.schemas.report.VerdictRecord.SliceRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tests slices of the test split by accuracy (McNemar): a model against the current one and against
 * the best linear model, with Holm's correction over all slices and heads of a comparison.
 *
 * <p>Slices that {@code gate.must-not-lose} names keep a model out that is shown to be less often
 * right there than the current one: one-sided, at the level of the gate, corrected over those
 * slices alone.
 */
final class SliceTests {
  private static final String CURRENT = "current";
  private static final int MOST_NAMED = 3;

  private final GateConfig config;
  private final Evaluation evaluation;
  private final SlicePairs pairs;
  private final List<SliceRecord> records = new ArrayList<>();

  /**
   * Makes tests of the slices that an evaluation measured, and of those that the gate names.
   *
   * @param pairs of the rows that the verdict rests on
   */
  SliceTests(GateConfig config, Evaluation evaluation, SlicePairs pairs) {
    this.config = config;
    this.evaluation = evaluation;
    this.pairs = pairs;
  }

  /** Returns all tests that were made. */
  List<SliceRecord> records() {
    return List.copyOf(records);
  }

  /** Tests tonight's model, and adds what speaks against it. */
  void ofCandidate(List<HeadEvidence> evidence, Versions versions, Findings findings) {
    Map<SlicePairs.Key, McNemar> current =
        tested(Evaluation.CANDIDATE, Evaluation.CURRENT, unknown(evidence));
    add(versions.candidate(), CURRENT, inEvaluation(current));
    for (Baseline.Kind kind : Baseline.Kind.values()) {
      Set<String> heads =
          evidence.stream()
              .filter(head -> head.baseline().isKnown() && head.baseline().kind() == kind)
              .map(HeadEvidence::head)
              .collect(Collectors.toSet());
      if (!heads.isEmpty()) {
        Map<SlicePairs.Key, McNemar> linear =
            inEvaluation(
                tested(
                    Evaluation.CANDIDATE,
                    kind == Baseline.Kind.TF_IDF
                        ? Evaluation.BASELINE
                        : Evaluation.CANDIDATE_LINEAR,
                    Map.of()));
        linear.keySet().removeIf(key -> !heads.contains(key.head()));
        add(versions.candidate(), kind.word(), linear);
      }
    }
    remarkLosses(versions.candidate(), findings);
    testNamed(current, "it", versions.current() != null, findings);
  }

  /** Tests the linear part of tonight's model as a model of its own. */
  void ofLinearPart(List<HeadEvidence> evidence, Versions versions, Findings findings) {
    Map<SlicePairs.Key, McNemar> current =
        tested(Evaluation.CANDIDATE_LINEAR, Evaluation.CURRENT, unknown(evidence));
    add(versions.linearPart(), CURRENT, inEvaluation(current));
    testNamed(current, Baseline.Kind.LINEAR_PART.named(), versions.current() != null, findings);
  }

  private Map<SlicePairs.Key, McNemar> tested(
      String model, String other, Map<String, List<String>> unknown) {
    Set<String> names = new HashSet<>(config.mustNotLose());
    measured().forEach(key -> names.add(key.slice() + "=" + key.value()));
    return pairs.of(column(model), column(other), unknown, names);
  }

  /** Returns the classes by head that the current model does not know. */
  private static Map<String, List<String>> unknown(List<HeadEvidence> evidence) {
    Map<String, List<String>> unknown = new HashMap<>();
    for (HeadEvidence head : evidence) {
      Scope scope = head.scope();
      List<String> classes = scope.added().stream().map(scope.classes()::get).toList();
      if (!classes.isEmpty()) {
        unknown.put(head.head(), classes);
      }
    }
    return unknown;
  }

  private static String column(String model) {
    return model.replace('-', '_');
  }

  private Map<SlicePairs.Key, McNemar> inEvaluation(Map<SlicePairs.Key, McNemar> all) {
    Map<SlicePairs.Key, McNemar> kept = new LinkedHashMap<>(all);
    kept.keySet().retainAll(measured());
    return kept;
  }

  /** Returns the slices that the evaluation measured: the frequent ones with rows enough. */
  private Set<SlicePairs.Key> measured() {
    Set<SlicePairs.Key> measured = new HashSet<>();
    for (SliceResult slice : evaluation.slices()) {
      if (slice.model().equals(Evaluation.CANDIDATE)) {
        measured.add(new SlicePairs.Key(slice.head(), slice.slice(), slice.value()));
      }
    }
    return measured;
  }

  private void add(String model, String other, Map<SlicePairs.Key, McNemar> slices) {
    List<SlicePairs.Key> keys = List.copyOf(slices.keySet());
    List<Double> adjusted =
        Holm.adjust(keys.stream().map(key -> slices.get(key).midPValue()).toList());
    for (int i = 0; i < keys.size(); i++) {
      SlicePairs.Key key = keys.get(i);
      McNemar test = slices.get(key);
      boolean shown = adjusted.get(i) <= 2 * config.significance();
      records.add(
          new SliceRecord(
              key.head(),
              model,
              key.slice(),
              key.value(),
              other,
              test.rows(),
              test.difference(),
              test.interval(config.significance()),
              config.significance(),
              test.midPValue(),
              adjusted.get(i),
              !shown
                  ? BaselineTests.LEVEL
                  : test.difference() < 0 ? BaselineTests.BELOW : BaselineTests.ABOVE));
    }
  }

  /** Says on which slices the model is less often right than the current one. */
  private void remarkLosses(String model, Findings findings) {
    List<SliceRecord> ofModel =
        records.stream()
            .filter(record -> record.model().equals(model) && record.other().equals(CURRENT))
            .toList();
    List<SliceRecord> below =
        ofModel.stream().filter(record -> record.place().equals(BaselineTests.BELOW)).toList();
    if (!below.isEmpty()) {
      String named =
          below.stream()
              .limit(MOST_NAMED)
              .map(
                  record ->
                      VerdictReasons.of(
                          "%s '%s' on '%s' (%+.4f, p %s)",
                          record.slice(),
                          record.value(),
                          record.head(),
                          record.difference(),
                          VerdictReasons.pValue(record.adjusted())))
              .collect(Collectors.joining(", "));
      findings.remark(
          VerdictReasons.of(
              "On %,d of %,d slices of the test split it is less often right than the current model,"
                  + " after Holm's correction over them: %s%s.",
              below.size(), ofModel.size(), named, below.size() > MOST_NAMED ? ", and so on" : ""));
    }
  }

  /**
   * Tests the slices that must not lose.
   *
   * @param it the model in the middle of a sentence
   * @param isCompared whether there is a current model
   */
  private void testNamed(
      Map<SlicePairs.Key, McNemar> all, String it, boolean isCompared, Findings findings) {
    Map<String, Set<SlicePairs.Key>> byName = new HashMap<>();
    Map<SlicePairs.Key, McNemar> named = new LinkedHashMap<>();
    all.forEach(
        (key, test) ->
            config.mustNotLose().stream()
                .filter(name -> matches(name, key))
                .forEach(
                    name -> {
                      named.put(key, test);
                      byName.computeIfAbsent(name, any -> new HashSet<>()).add(key);
                    }));
    List<SlicePairs.Key> keys = List.copyOf(named.keySet());
    List<Double> adjusted =
        Holm.adjust(keys.stream().map(key -> named.get(key).lossPValue(0)).toList());
    for (int i = 0; i < keys.size(); i++) {
      McNemar test = named.get(keys.get(i));
      if (test.difference() < 0 && adjusted.get(i) <= config.significance()) {
        findings.object(loss(keys.get(i), test, it, adjusted.get(i)));
      }
    }
    for (String name : config.mustNotLose()) {
      if (isCompared && !byName.containsKey(name)) {
        findings.remark(
            VerdictReasons.of(
                "gate.must-not-lose names '%s', and no test row that both models answered, of a"
                    + " class that both know, is in it: nothing can be said of it.",
                name));
      }
    }
  }

  private String loss(SlicePairs.Key key, McNemar test, String it, double adjusted) {
    return VerdictReasons.of(
        "On '%s' %s is less often right than the current model on the slice %s '%s', which"
            + " gate.must-not-lose names: only %s is right on %,d of its %,d test rows, only the"
            + " current model on %,d (%s %s after Holm's correction; gate.significance is %s).",
        key.head(),
        it,
        key.slice(),
        key.value(),
        it,
        test.candidateOnly(),
        test.rows(),
        test.otherOnly(),
        test.isClustered() ? VerdictReasons.CLUSTERED : VerdictReasons.MID_P,
        VerdictReasons.pValue(adjusted),
        config.significance());
  }

  /** Returns whether a name such as {@code source} or {@code source=reuters} means a slice. */
  private static boolean matches(String name, SlicePairs.Key key) {
    return name.equals(key.slice()) || name.equals(key.slice() + "=" + key.value());
  }
}
