package io.attune.pipeline.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DocumentTextTest {
  @Test
  void joinsTitleAndTextByALineFeed() {
    assertThat(DocumentText.of("Shares fall", "They fell by 3 %."))
        .isEqualTo("Shares fall\nThey fell by 3 %.");
  }

  @Test
  void doesNotRepeatATitleThatTheTextBeginsWith() {
    assertThat(DocumentText.of("Shares fall", "Shares fall, again."))
        .isEqualTo("Shares fall, again.");
  }

  @Test
  void takesWhatThereIs() {
    assertThat(DocumentText.of(null, " body ")).isEqualTo("body");
    assertThat(DocumentText.of(" ", "body")).isEqualTo("body");
    assertThat(DocumentText.of("title", null)).isEqualTo("title");
    assertThat(DocumentText.of(null, null)).isEmpty();
  }
}
