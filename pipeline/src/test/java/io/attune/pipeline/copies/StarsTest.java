package io.attune.pipeline.copies;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.copies.Stars.Joined;
import io.attune.pipeline.copies.Stars.Pair;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StarsTest {
  private static List<Pair> pairs(int documents, double share, long seed) {
    Random random = new Random(seed);
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < documents; i++) {
      for (int j = i + 1; j < documents; j++) {
        if (random.nextDouble() < share) {
          pairs.add(new Pair(i, j, 0.8 + 0.2 * random.nextDouble()));
        }
      }
    }
    Collections.shuffle(pairs, random);
    return pairs;
  }

  @Test
  void aChainOfSimilarNeighboursIsNoCluster() {
    List<Pair> chain = List.of(new Pair(0, 1, 0.9), new Pair(1, 2, 0.9), new Pair(2, 3, 0.9));

    assertThat(Stars.of(chain, Set.of()))
        .isEqualTo(Map.of(1L, new Joined(0, 0.9), 3L, new Joined(2, 0.9)));
  }

  @Test
  void theFirstOfSeveralCentresCounts() {
    List<Pair> pairs = List.of(new Pair(1, 2, 0.99), new Pair(0, 2, 0.8));

    assertThat(Stars.of(pairs, Set.of())).isEqualTo(Map.of(2L, new Joined(0, 0.8)));
  }

  @Test
  void aCopyOfAnEarlierNightIsNoCentre() {
    List<Pair> pairs = List.of(new Pair(0, 1, 0.9));

    assertThat(Stars.of(pairs, Set.of(0L))).isEmpty();
  }

  @Property
  void everyMemberIsSimilarToItsCentreAndNoTwoCentresAreSimilar(
      @ForAll @IntRange(min = 2, max = 30) int documents,
      @ForAll @IntRange(min = 0, max = 9) int tenths,
      @ForAll long seed) {
    List<Pair> pairs = pairs(documents, tenths / 10.0, seed);

    Map<Long, Joined> stars = Stars.of(pairs, Set.of());

    Set<List<Long>> similar = new HashSet<>();
    pairs.forEach(pair -> similar.add(List.of(pair.first(), pair.second())));
    stars.forEach(
        (member, joined) -> {
          assertThat(similar).contains(List.of(joined.centre(), member));
          assertThat(stars).doesNotContainKey(joined.centre());
        });
    for (Pair pair : pairs) {
      assertThat(stars.containsKey(pair.first()) || stars.containsKey(pair.second())).isTrue();
    }
  }

  @Property
  void theOrderOfPairsDoesNotMatter(@ForAll long seed) {
    List<Pair> pairs = pairs(20, 0.2, seed);
    List<Pair> reversed = new ArrayList<>(pairs);
    Collections.reverse(reversed);

    assertThat(Stars.of(reversed, Set.of())).isEqualTo(Stars.of(pairs, Set.of()));
  }
}
