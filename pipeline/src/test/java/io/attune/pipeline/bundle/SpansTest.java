package io.attune.pipeline.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.text.Encoding;
import io.attune.schemas.report.Evaluation.AttendedSpan;
import org.junit.jupiter.api.Test;

class SpansTest {

  @Test
  void addsUpTheTokensOfAWord() {
    Encoding encoding = encoding(new int[] {0, 2, 5, 8}, new int[] {2, 4, 8, 9});

    assertThat(Spans.merge("sell now!", encoding, new float[] {0.25f, 0.25f, 0.125f, 0.375f, 0}))
        .containsExactly(
            new AttendedSpan(0, 4, 0.5),
            new AttendedSpan(5, 8, 0.125),
            new AttendedSpan(8, 9, 0.375));
  }

  @Test
  void leavesChineseInTokens() {
    Encoding encoding = encoding(new int[] {0, 2}, new int[] {2, 4});

    assertThat(Spans.merge("股票下跌", encoding, new float[] {0.25f, 0.75f}))
        .containsExactly(new AttendedSpan(0, 2, 0.25), new AttendedSpan(2, 4, 0.75));
  }

  @Test
  void addsUpTheBytesOfACharacterAndLeavesOutTokensOfNone() {
    Encoding encoding = encoding(new int[] {0, 0, 2, 2}, new int[] {2, 2, 2, 3});

    assertThat(Spans.merge("😀!", encoding, new float[] {0.25f, 0.25f, 0.25f, 0.25f}))
        .containsExactly(new AttendedSpan(0, 2, 0.5), new AttendedSpan(2, 3, 0.25));
  }

  private static Encoding encoding(int[] starts, int[] ends) {
    return new Encoding(new int[starts.length], starts, ends);
  }
}
