package io.attune.pipeline.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class WellFormedTest {
  @Test
  void loneSurrogatesBecomeReplacementCharacters() {
    assertThat(WellFormed.of("cut \ud83d")).isEqualTo("cut \uFFFD");
    assertThat(WellFormed.of("\ude00 start")).isEqualTo("\uFFFD start");
    assertThat(WellFormed.of("\ude00\ud83d")).isEqualTo("\uFFFD\uFFFD");
    assertThat(WellFormed.of("\ud83d\ud83d\ude00")).isEqualTo("\uFFFD😀");
  }

  @Test
  void wellFormedTextIsTheSameString() {
    String text = "Good 😀, 好";

    assertThat(WellFormed.of(text)).isSameAs(text);
    assertThat(WellFormed.of("")).isEmpty();
  }

  @Property(tries = 300)
  void resultSurvivesUtf8(@ForAll char[] chars) {
    String text = WellFormed.of(new String(chars));

    assertThat(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
        .isEqualTo(text)
        .hasSize(chars.length);
  }
}
