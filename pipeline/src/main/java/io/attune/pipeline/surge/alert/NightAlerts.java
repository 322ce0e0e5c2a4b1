package io.attune.pipeline.surge.alert;

import io.attune.pipeline.metric.BenjaminiHochberg;
import io.attune.pipeline.surge.Judgement;
import io.attune.pipeline.surge.NegativeBinomial;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides which judgements of a night raise an alert.
 *
 * <p>First the p-values of all judged series are adjusted together. Then surges are explained by
 * each other: a part by the whole, if it rose no more than the rest of the whole did (the mean of
 * its count, given that, is its expected count times the ratio of the rest's seen to expected); the
 * whole by its parts, if without their excess it is within its limit. One surge of the whole market
 * is one alert; one entity's surge is that entity's, even if it lifts the market.
 */
public final class NightAlerts {
  /** If less than this fraction of the whole is left without a part, they are the same thing. */
  private static final double SAME = 0.05;

  private final AlertOptions options;
  private final Map<String, Surge> surges = new LinkedHashMap<>();

  private NightAlerts(AlertOptions options) {
    this.options = options;
  }

  /** A series above its limit. */
  private static final class Surge {
    private final Judgement judgement;
    private final double q;
    private final String kind;
    private final List<Surge> ancestors = new ArrayList<>(); // that surge too
    private Surge explainedBy = this;

    Surge(Judgement judgement, double q, String kind) {
      this.judgement = judgement;
      this.q = q;
      this.kind = kind;
    }

    boolean stands() {
      return explainedBy == this;
    }

    Surge alert() {
      Surge at = this;
      // It ends: parts are explained by wholes, and wholes by parts that no whole explains.
      while (!at.stands()) {
        at = at.explainedBy;
      }
      return at;
    }
  }

  /**
   * Returns the alerts of a night, most significant first; the order of the judgements does not
   * matter.
   *
   * @param judgements of one day, one a series
   * @param nodes of the series; one without a node has no parents
   */
  public static List<Alert> of(
      Collection<Judgement> judgements, Collection<Node> nodes, AlertOptions options) {
    NightAlerts night = new NightAlerts(options);
    night.find(judgements, nodes);
    night.explainParts();
    night.explainWholes();
    return night.alerts();
  }

  private void find(Collection<Judgement> judgements, Collection<Node> nodes) {
    Map<String, Node> places = new HashMap<>();
    nodes.forEach(node -> places.put(node.series(), node));
    List<Judgement> judged =
        judgements.stream()
            .filter(judgement -> judgement.outcome().isJudged())
            .sorted(Comparator.comparingDouble(Judgement::p).thenComparing(Judgement::series))
            .toList();
    List<Double> adjusted =
        BenjaminiHochberg.adjust(judged.stream().map(Judgement::lasting).toList());
    for (int i = 0; i < judged.size(); i++) {
      Judgement judgement = judged.get(i);
      if (judgement.isSurge() && adjusted.get(i) <= options.falseDiscoveries()) {
        Node place = places.get(judgement.series());
        surges.put(
            judgement.series(),
            new Surge(judgement, adjusted.get(i), place == null ? "" : place.kind()));
      }
    }
    for (Surge surge : surges.values()) {
      String series = surge.judgement.series();
      for (String name : ancestors(series, places)) {
        // Series that contain each other are no part of each other.
        if (surges.containsKey(name) && !ancestors(name, places).contains(series)) {
          surge.ancestors.add(surges.get(name));
        }
      }
    }
  }

  private static Set<String> ancestors(String series, Map<String, Node> places) {
    Set<String> found = new TreeSet<>();
    List<String> open = new ArrayList<>(List.of(series));
    while (!open.isEmpty()) {
      Node node = places.get(open.remove(open.size() - 1));
      if (node != null) {
        for (String parent : node.parents()) {
          if (!parent.equals(series) && found.add(parent)) {
            open.add(parent);
          }
        }
      }
    }
    return found;
  }

  /**
   * Lets wholes explain their parts. Parts start as explained and stand, one after the other, as
   * soon as the rest of no whole explains them: the rest is what is left without those that stand.
   */
  private void explainParts() {
    List<Surge> open = new ArrayList<>();
    for (Surge surge : surges.values()) {
      if (!surge.ancestors.isEmpty()) {
        surge.explainedBy = surge.ancestors.get(0);
        open.add(surge);
      }
    }
    // Of many parts some are extraordinary by chance, so the level is shared among them.
    double least = options.explained() / Math.max(1, open.size());
    boolean isChanged = true;
    while (isChanged) {
      isChanged = false;
      for (Surge surge : List.copyOf(open)) {
        Surge reason = explanation(surge, least);
        surge.explainedBy = reason;
        if (reason == surge) {
          open.remove(surge);
          isChanged = true;
          break;
        }
      }
    }
  }

  /** Returns the whole whose rest explains a part best, or the part itself. */
  private Surge explanation(Surge part, double least) {
    Surge reason = part;
    double best = least;
    for (Surge whole : part.ancestors) {
      double probability = given(whole, part);
      if (probability >= best) {
        best = probability;
        reason = whole;
      }
    }
    return reason;
  }

  /** Returns the probability of the part's count, given how the rest of the whole rose. */
  private double given(Surge whole, Surge part) {
    Sum others = others(whole, part);
    double expected = whole.judgement.expected() - part.judgement.expected() - others.expected;
    if (expected < SAME * whole.judgement.expected()) {
      return others.expected == 0 ? 1 : 0;
    }
    double seen = whole.judgement.seen() - part.judgement.seen() - others.seen;
    double ratio = Math.max(1, seen / expected);
    return new NegativeBinomial(part.judgement.expected() * ratio, part.judgement.dispersion())
        .atLeast((double) part.judgement.seen());
  }

  private record Sum(double seen, double expected) {
    static final Sum NONE = new Sum(0, 0);

    double excess() {
      return seen - expected;
    }

    Sum plus(Judgement judgement) {
      return new Sum(seen + judgement.seen(), expected + judgement.expected());
    }
  }

  /**
   * Returns what the standing parts of a whole add up to, without one part and those that contain
   * it or that it contains; all of them if it is the whole itself. Kinds overlap, so the kind with
   * the largest excess is taken.
   */
  private Sum others(Surge whole, Surge part) {
    Map<String, Sum> kinds = new HashMap<>();
    for (Surge surge : surges.values()) {
      if (surge != part
          && surge.stands()
          && surge.ancestors.contains(whole)
          && (part == whole || !areNested(surge, part))) {
        kinds.merge(
            surge.kind,
            Sum.NONE.plus(surge.judgement),
            (sum, one) -> new Sum(sum.seen + one.seen, sum.expected + one.expected));
      }
    }
    return kinds.values().stream().max(Comparator.comparingDouble(Sum::excess)).orElse(Sum.NONE);
  }

  private static boolean areNested(Surge one, Surge other) {
    return one.ancestors.contains(other) || other.ancestors.contains(one);
  }

  /** Lets standing parts explain a whole that is within its limit without their excess. */
  private void explainWholes() {
    for (Surge whole : surges.values()) {
      if (whole.stands()) {
        double rest = whole.judgement.seen() - others(whole, whole).excess();
        if (rest <= whole.judgement.limit()) {
          surges.values().stream()
              .filter(part -> part.stands() && part.ancestors.contains(whole))
              .max(Comparator.comparingDouble(part -> part.judgement.excess()))
              .ifPresent(part -> whole.explainedBy = part);
        }
      }
    }
  }

  private List<Alert> alerts() {
    Map<Surge, Set<String>> covers = new LinkedHashMap<>();
    for (Surge surge : surges.values()) {
      if (surge.stands()) {
        covers.put(surge, new TreeSet<>());
      }
    }
    for (Surge surge : surges.values()) {
      if (!surge.stands()) {
        covers.get(surge.alert()).add(surge.judgement.series());
      }
    }
    return covers.entrySet().stream()
        .map(
            entry ->
                new Alert(
                    entry.getKey().judgement,
                    entry.getKey().q,
                    Severity.of(entry.getKey().judgement),
                    List.copyOf(entry.getValue())))
        .toList();
  }
}
