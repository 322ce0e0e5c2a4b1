package io.attune.pipeline.advice;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.linear.TextLikeness;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DiverseChoiceTest {
  @Test
  void theMostUncertainComesFirstThenWhatIsUncertainAndUnlikeIt() {
    List<String> texts =
        List.of(
            "shares of the northern bank fell after the ruling",
            "shares of the northern bank fell after the ruling today",
            "the new phone charges slowly and its screen flickers",
            "harvest of wheat was better than in all years before");
    double[] uncertainty = {0.9, 0.89, 0.6, 0.2};

    List<Integer> chosen = DiverseChoice.of(uncertainty, TextLikeness.of(texts)::of, 3);

    assertThat(chosen).containsExactly(0, 2, 3);
  }

  @Test
  void copiesAreNeverAskedForTwice() {
    List<String> texts = List.of("one and the same text", "One and the same text", "another story");

    assertThat(DiverseChoice.of(new double[] {0.5, 0.5, 0.1}, TextLikeness.of(texts)::of, 3))
        .containsExactly(0, 2);
    assertThat(DiverseChoice.of(new double[0], (one, other) -> 0, 3)).isEmpty();
  }

  /** Compares with the definition, worked out anew for each choice. */
  @Property(tries = 200)
  void choosesWhatTheDefinitionSays(
      @ForAll @IntRange(min = 1, max = 12) int texts,
      @ForAll @IntRange(min = 1, max = 12) int wanted,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] uncertainty = random.doubles(texts).toArray();
    double[][] likeness = new double[texts][texts];
    for (int i = 0; i < texts; i++) {
      for (int j = 0; j <= i; j++) {
        likeness[i][j] = i == j ? 1 : random.nextDouble();
        likeness[j][i] = likeness[i][j];
      }
    }

    assertThat(DiverseChoice.of(uncertainty, (one, other) -> likeness[one][other], wanted))
        .isEqualTo(byDefinition(uncertainty, likeness, wanted));
  }

  private static List<Integer> byDefinition(double[] uncertainty, double[][] likeness, int wanted) {
    List<Integer> chosen = new ArrayList<>();
    while (chosen.size() < wanted) {
      int best = -1;
      double highest = -1;
      for (int i = 0; i < uncertainty.length; i++) {
        double nearest = 0;
        for (int other : chosen) {
          nearest = Math.max(nearest, likeness[other][i]);
        }
        double distance = 1 - nearest;
        if (distance >= 0.1 && uncertainty[i] * distance > highest) {
          highest = uncertainty[i] * distance;
          best = i;
        }
      }
      if (best < 0) {
        return chosen;
      }
      chosen.add(best);
    }
    return chosen;
  }

  @Test
  void alikenessIsOneOfCopiesAndNoneOfTextsWithoutAnythingInCommon() {
    TextLikeness likeness = TextLikeness.of(List.of("bank fell", "bank fell", "好评", ""));

    assertThat(likeness.of(0, 1)).isGreaterThan(0.9999);
    assertThat(likeness.of(0, 2)).isZero();
    assertThat(likeness.of(0, 3)).isZero();
    assertThat(likeness.of(3, 3)).isZero();
  }
}
