package io.attune.pipeline.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.metric.PairedOutcomes.Cell;
import io.attune.pipeline.metric.PairedOutcomes.Cluster;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PairedOutcomesTest {

  @Test
  void countsRowsThatOnlyOneModelGotRight() {
    PairedOutcomes outcomes =
        PairedOutcomes.of(
            2,
            List.of(
                new Cell(0, 0, 0, 50),
                new Cell(0, 0, 1, 7),
                new Cell(1, 0, 1, 3),
                new Cell(1, 0, 0, 4)));

    assertThat(outcomes.mcNemar()).isEqualTo(new McNemar(7, 3, 64));
  }

  @Test
  void setsAModelBesideAConstantAnswer() {
    ConfusionMatrix candidate = new ConfusionMatrix(2);
    candidate.add(0, 0, 8);
    candidate.add(1, 1, 3);
    candidate.add(1, 0, 2);

    PairedOutcomes outcomes =
        PairedOutcomes.of(
                2, List.of(new Cell(0, 0, 1, 8), new Cell(1, 1, 1, 3), new Cell(1, 0, 0, 2)))
            .againstConstant(0);

    assertThat(outcomes.candidate().toLists()).isEqualTo(candidate.toLists());
    assertThat(outcomes.other().toLists()).isEqualTo(candidate.answeringAlways(0).toLists());
    assertThat(outcomes.mcNemar()).isEqualTo(new McNemar(3, 0, 13));
  }

  @Test
  void holdsClustersOfTheSameContentOnce() {
    PairedOutcomes outcomes =
        PairedOutcomes.ofClusters(
            2,
            List.of(
                new Cluster(List.of(new Cell(0, 0, 1, 2), new Cell(1, 1, 1, 1)), 3),
                new Cluster(List.of(new Cell(1, 1, 1, 1), new Cell(0, 0, 1, 2)), 1),
                new Cluster(List.of(new Cell(0, 0, 0, 1)), 5)));

    assertThat(outcomes.clusters()).isEqualTo(9);
    assertThat(outcomes.rows()).isEqualTo(17);
    // Four clusters, in each of which the candidate is right twice more: 4 * 2^2 / 8.
    assertThat(outcomes.mcNemar()).isEqualTo(new McNemar(8, 0, 17, 2));
    assertThat(outcomes.ofActual(label -> label == 1).rows()).isEqualTo(4);
    assertThat(outcomes.merge(outcomes).clusters()).isEqualTo(18);
  }

  @Test
  void countsTheF1OfClassesWithEnoughRowsOnly() {
    PairedOutcomes outcomes =
        PairedOutcomes.of(
            3, List.of(new Cell(0, 0, 0, 50), new Cell(1, 1, 0, 20), new Cell(2, 0, 2, 3)));

    assertThat(outcomes.judging(20).candidateMacroF1())
        .isCloseTo((100.0 / 103 + 1) / 2, within(1e-12));
    assertThat(outcomes.candidateMacroF1()).isCloseTo((100.0 / 103 + 1) / 3, within(1e-12));
    assertThat(outcomes.judging(100).otherMacroF1()).isEqualTo(outcomes.otherMacroF1());
    assertThat(outcomes.f1Difference(2, outcomes.cells())).isEqualTo(-1);
  }

  @Test
  void refusesAClassOutOfRange() {
    assertThatThrownBy(() -> PairedOutcomes.of(2, List.of(new Cell(0, 2, 0, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of 2 classes");
  }

  @Property(tries = 300)
  void agreesWithTwoConfusionMatricesAndMergesItsParts(
      @ForAll @Size(max = 40) List<@IntRange(max = 63) Integer> rows,
      @ForAll @IntRange(max = 40) int cut) {
    int at = Math.min(cut, rows.size());
    PairedOutcomes whole = of(rows);
    PairedOutcomes merged = of(rows.subList(at, rows.size())).merge(of(rows.subList(0, at)));
    ConfusionMatrix candidate = new ConfusionMatrix(4);
    ConfusionMatrix other = new ConfusionMatrix(4);
    for (int row : rows) {
      candidate.add(row / 16, row / 4 % 4, 1);
      other.add(row / 16, row % 4, 1);
    }

    assertThat(merged.toList()).isEqualTo(whole.toList());
    assertThat(whole.candidate().toLists()).isEqualTo(candidate.toLists());
    assertThat(whole.other().toLists()).isEqualTo(other.toLists());
    assertThat(whole.macroF1Difference(whole.cells()))
        .isCloseTo(candidate.macroF1() - other.macroF1(), within(1e-12));
    assertThat(whole.mcNemar().candidateOnly() - whole.mcNemar().otherOnly())
        .isEqualTo(candidate.correct() - other.correct());
  }

  private static PairedOutcomes of(List<Integer> rows) {
    return PairedOutcomes.of(
        4, rows.stream().map(row -> new Cell(row / 16, row / 4 % 4, row % 4, 1)).toList());
  }
}
