package io.attune.pipeline.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ShinglesTest {
  /** Computes the similarity of texts of numbers with plain sets of strings. */
  private static double slow(List<Integer> one, List<Integer> other) {
    Set<String> a = triples(one);
    Set<String> b = triples(other);
    Set<String> all = new HashSet<>(a);
    all.addAll(b);
    a.retainAll(b);
    return all.isEmpty() ? 0 : (double) a.size() / all.size();
  }

  private static Set<String> triples(List<Integer> words) {
    Set<String> triples = new HashSet<>();
    for (int i = 0; i + Shingles.WORDS <= words.size(); i++) {
      triples.add(words.subList(i, i + Shingles.WORDS).toString());
    }
    return triples;
  }

  private static byte[] set(List<Integer> words) {
    return Shingles.of(Letters.of(String.join(" ", words.stream().map(String::valueOf).toList())));
  }

  @Property
  void similarityIsThatOfPlainSets(
      @ForAll @Size(max = 12) List<@IntRange(min = 0, max = 3) Integer> one,
      @ForAll @Size(max = 12) List<@IntRange(min = 0, max = 3) Integer> other) {
    assertThat(Shingles.jaccard(set(one), set(other))).isEqualTo(slow(one, other), within(1e-12));
  }

  @Test
  void aTextShorterThanAShingleHasNone() {
    assertThat(Shingles.of(Letters.of("very good"))).isEmpty();
    assertThat(Shingles.of(Letters.of("屏幕好"))).isEmpty();
    assertThat(Shingles.of(Letters.of("屏幕很好"))).hasSize(Long.BYTES);
    assertThat(Shingles.of(Letters.of(""))).isEmpty();
    assertThat(Shingles.jaccard(Shingles.of(Letters.of("good")), Shingles.of(Letters.of("good"))))
        .isZero();
  }

  @Test
  void signsAndCaseDoNotMatter() {
    assertThat(Shingles.of(Letters.of("Oil prices rose, again.")))
        .isEqualTo(Shingles.of(Letters.of("oil PRICES rose again")));
  }
}
