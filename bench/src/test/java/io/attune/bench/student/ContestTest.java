package io.attune.bench.student;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.bench.student.TimedModel.Work;
import io.attune.schemas.model.LabelSets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContestTest {
  private static final LabelSets LABELS =
      new LabelSets(List.of(new LabelSets.Head("topic", List.of("finance", "phones"))));

  @Test
  void printsSpeedsRatioAndTheLossOfAccuracy() {
    Contest.Result result =
        new Contest.Result(
            List.of("teacher 2026-01-02.1", "student 2026-01-03.1"),
            List.of(new Work(500, 20_000, 5), new Work(160_000, 6_000_000, 5)),
            new double[] {300, 320, 400},
            List.of(new double[] {0.93}, new double[] {0.9241}));

    assertThat(result.median()).isEqualTo(320);
    assertThat(result.lines(LABELS))
        .containsExactly(
            "  teacher 2026-01-02.1            100 documents/s        4,000 tokens/s, topic 93.00"
                + " %",
            "  student 2026-01-03.1         32,000 documents/s    1,200,000 tokens/s, topic 92.41"
                + " %",
            "  the student answers 320.0 times as many documents per second (300.0 to 400.0)",
            "  accuracy of head 'topic': -0.59 points");
  }
}
