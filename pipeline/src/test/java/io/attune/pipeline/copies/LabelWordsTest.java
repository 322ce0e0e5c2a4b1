package io.attune.pipeline.copies;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LabelWordsTest {
  private static final String GOOD = "sentiment\u0002positive";
  private static final String BAD = "sentiment\u0002negative";
  private static final String PHONES = "topic\u0002phones";

  @Test
  void onlyLabelsOfOneHeadContradictEachOther() {
    assertThat(LabelWords.contradiction(GOOD, BAD))
        .isEqualTo("sentiment is negative there, positive here");
    assertThat(LabelWords.contradiction(GOOD, PHONES)).isNull();
    assertThat(LabelWords.contradiction(GOOD, GOOD + "\u0001" + PHONES)).isNull();
    assertThat(LabelWords.contradiction(null, GOOD)).isNull();
    assertThat(LabelWords.disagree(List.of(GOOD, PHONES))).isFalse();
    assertThat(LabelWords.disagree(List.of(GOOD, PHONES, BAD))).isTrue();
  }

  @Test
  void aLabelThatIsNotThereAdds() {
    assertThat(LabelWords.addsTo(GOOD, BAD)).isTrue();
    assertThat(LabelWords.addsTo(GOOD + "\u0001" + PHONES, GOOD)).isTrue();
    assertThat(LabelWords.addsTo(GOOD, GOOD + "\u0001" + PHONES)).isFalse();
    assertThat(LabelWords.addsTo(null, GOOD)).isFalse();
  }
}
