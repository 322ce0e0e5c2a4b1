package io.attune.pipeline.surge.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.surge.Judgement;
import io.attune.pipeline.surge.Method;
import io.attune.pipeline.surge.NegativeBinomial;
import io.attune.pipeline.surge.Outcome;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class NightAlertsTest {
  private static final LocalDate DAY = LocalDate.of(2026, 3, 2);

  private static Judgement judged(String series, long seen, double expected) {
    NegativeBinomial count = new NegativeBinomial(expected, 1.5);
    long limit = count.exceededBy(0.01);
    return new Judgement(
        series,
        DAY,
        seen,
        expected,
        limit,
        count.atLeast((double) seen),
        1.5,
        Method.SEASONAL,
        seen > limit ? Outcome.SURGE : Outcome.QUIET,
        "");
  }

  @Test
  void aShareThatHasRisenForLongIsFoundAmongManySeries() {
    List<Judgement> judgements = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      judgements.add(judged("topic:" + i, 10, 10));
    }
    List<Judgement> first = new ArrayList<>(judgements);
    first.add(share(1.0 / 365));
    List<Judgement> later = new ArrayList<>(judgements);
    later.add(share(1e-6));

    assertThat(alerts(first)).isEmpty();
    assertThat(alerts(later))
        .singleElement()
        .satisfies(alert -> assertThat(alert.judgement().p()).isEqualTo(1.0 / 365));
  }

  /** Returns an alarm at the limit of its sum. */
  private static Judgement share(double lasting) {
    return new Judgement(
        "share of x", DAY, 9, 6, 8, 1.0 / 365, 1, Method.SHARE, Outcome.SURGE, "", lasting);
  }

  private static List<Node> market(List<Judgement> judgements) {
    List<Node> nodes = new ArrayList<>();
    for (Judgement judgement : judgements) {
      String kind = judgement.series().replaceAll(":.*", "");
      nodes.add(
          new Node(
              judgement.series(), kind, kind.equals("market") ? List.of() : List.of("market")));
    }
    return nodes;
  }

  private static List<Alert> alerts(List<Judgement> judgements) {
    return NightAlerts.of(judgements, market(judgements), AlertOptions.DEFAULTS);
  }

  /** Forty topics, and each of them and the market three times as high as usual. */
  private static List<Judgement> everythingTriples() {
    Random random = new Random(1);
    List<Judgement> judgements = new ArrayList<>();
    long all = 0;
    for (int topic = 0; topic < 40; topic++) {
      long seen = 60L + random.nextInt(13) - 6;
      all += seen;
      judgements.add(judged("topic:" + topic, seen, 20));
    }
    judgements.add(judged("market", all, 800));
    return judgements;
  }

  @Test
  void oneSurgeOfTheWholeMarketIsOneAlert() {
    List<Alert> alerts = alerts(everythingTriples());

    assertThat(alerts).hasSize(1);
    assertThat(alerts.get(0).series()).isEqualTo("market");
    assertThat(alerts.get(0).covers()).hasSize(40);
  }

  @Test
  void aSurgeOfOnePartIsThatPartsEvenIfItLiftsTheWhole() {
    List<Judgement> judgements = new ArrayList<>();
    for (int topic = 0; topic < 20; topic++) {
      judgements.add(judged("topic:" + topic, topic == 7 ? 220 : 20, 20));
    }
    judgements.add(judged("market", 600, 400));

    List<Alert> alerts = alerts(judgements);

    assertThat(alerts).hasSize(1);
    assertThat(alerts.get(0).series()).isEqualTo("topic:7");
    assertThat(alerts.get(0).covers()).containsExactly("market");
    assertThat(alerts.get(0).severity()).isEqualTo(Severity.SEVERE);
  }

  @Test
  void aPartThatRisesFarMoreThanTheRestStandsBesideTheWhole() {
    List<Judgement> judgements = everythingTriples();
    judgements.set(3, judged("topic:3", 300, 20));
    judgements.set(40, judged("market", judgements.get(40).seen() + 240, 800));

    assertThat(alerts(judgements))
        .extracting(Alert::series)
        .containsExactlyInAnyOrder("market", "topic:3");
  }

  @Test
  void chainsOfPartsEndAtTheOneThatSurged() {
    List<Judgement> judgements =
        List.of(
            judged("market", 500, 300),
            judged("topic:banks", 300, 100),
            judged("topic:metals", 100, 100),
            judged("source:wire", 250, 150),
            judged("entity:A", 210, 10),
            judged("entity:B", 30, 30));
    List<Node> nodes =
        List.of(
            new Node("market", "market", List.of()),
            new Node("topic:banks", "topic", List.of("market")),
            new Node("topic:metals", "topic", List.of("market")),
            new Node("source:wire", "source", List.of("market")),
            new Node("entity:A", "entity", List.of("topic:banks", "market")),
            new Node("entity:B", "entity", List.of("topic:banks")));

    List<Alert> alerts = NightAlerts.of(judgements, nodes, AlertOptions.DEFAULTS);

    assertThat(alerts).extracting(Alert::series).contains("entity:A");
    assertThat(alerts.get(0).covers()).contains("market", "topic:banks");
  }

  @Test
  void oneOfManyJustAboveItsLimitIsNoDiscovery() {
    List<Judgement> judgements = new ArrayList<>();
    for (int topic = 0; topic < 200; topic++) {
      judgements.add(judged("topic:" + topic, topic == 0 ? 36 : 20, 20));
    }

    assertThat(judgements.get(0).isSurge()).isTrue();
    assertThat(alerts(judgements)).isEmpty();
    assertThat(alerts(judgements.subList(0, 1))).hasSize(1);
  }

  @Property(tries = 20)
  void theOrderOfSeriesDoesNotMatter(@ForAll long seed) {
    List<Judgement> judgements = everythingTriples();
    judgements.set(3, judged("topic:3", 300, 20));
    List<Judgement> shuffled = new ArrayList<>(judgements);
    Collections.shuffle(shuffled, new Random(seed));

    assertThat(alerts(shuffled)).isEqualTo(alerts(judgements));
  }

  @Test
  void seriesWithoutANodeAndNightsWithoutSeriesAreFine() {
    assertThat(NightAlerts.of(List.of(), List.of(), AlertOptions.DEFAULTS)).isEmpty();
    assertThat(NightAlerts.of(List.of(judged("a", 90, 20)), List.of(), AlertOptions.DEFAULTS))
        .hasSize(1);
  }

  @Test
  void seriesThatContainEachOtherAreNotFollowedForEver() {
    List<Node> circle = List.of(new Node("a", "x", List.of("b")), new Node("b", "y", List.of("a")));

    assertThat(
            NightAlerts.of(
                List.of(judged("a", 90, 20), judged("b", 95, 20)), circle, AlertOptions.DEFAULTS))
        .isNotEmpty();
  }
}
