package io.attune.pipeline.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.TestNight;
import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.scoring.AnsweredRows.Answered;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnsweredRowsTest {
  @TempDir static Path root;
  private static Classifier model;

  @BeforeAll
  static void publish() {
    model = Classifier.shared(PublishedModels.publish(TestNight.in(root), "2026-01-01.1"));
  }

  @Test
  void answersEveryRowInItsOrderWhateverTheBatch() {
    List<String> texts =
        Arrays.asList("good", null, "the bank is bad today again", "", "phone", "screen is good");
    float[][][] alone =
        model.probabilities(texts.stream().map(text -> text == null ? "" : text).toList());

    for (int batch : new int[] {1, 2, 4, 100}) {
      AnsweredRows<String> answered = rows(texts.iterator(), batch);
      for (int i = 0; i < texts.size(); i++) {
        Answered<String> next = answered.next();
        assertThat(next.row()).isEqualTo(texts.get(i));
        for (int head = 0; head < 2; head++) {
          assertThat(next.probabilities()[head])
              .usingComparatorWithPrecision(1e-6f)
              .containsExactly(alone[i][head]);
        }
      }
      assertThat(answered.hasNext()).isFalse();
    }
  }

  @Test
  void readsNoFurtherThanOneBatch() {
    AtomicInteger read = new AtomicInteger();
    Iterator<String> texts =
        IntStream.range(0, 1_000_000)
            .mapToObj(
                i -> {
                  read.incrementAndGet();
                  return "good";
                })
            .iterator();
    AnsweredRows<String> answered = rows(texts, 8);

    for (int i = 0; i < 20; i++) {
      answered.next();
    }

    assertThat(read.get()).isLessThanOrEqualTo(24);
  }

  @Test
  void endsABatchOfLongTextsEarly() {
    AtomicInteger read = new AtomicInteger();
    String text = "good ".repeat(250_000);
    Iterator<String> texts =
        IntStream.range(0, 10)
            .mapToObj(
                i -> {
                  read.incrementAndGet();
                  return text;
                })
            .iterator();

    rows(texts, 10).next();

    assertThat(read.get()).isEqualTo(2);
  }

  @Test
  void refusesABatchWithoutRows() {
    assertThatThrownBy(() -> rows(List.<String>of().iterator(), 0))
        .hasMessage("a batch must have at least 1 row, got 0");
  }

  private static AnsweredRows<String> rows(Iterator<String> texts, int batch) {
    return new AnsweredRows<>(texts, text -> text, model, batch);
  }
}
