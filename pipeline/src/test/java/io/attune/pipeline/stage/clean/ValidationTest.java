package io.attune.pipeline.stage.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.copies.CopiesConfig;
import io.attune.pipeline.stage.clean.CleanConfig.Urls;
import io.attune.pipeline.stage.clean.Validation.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValidationTest {
  private static final CopiesConfig COPIES =
      new CopiesConfig(CopiesConfig.Near.DROP, 0.8, 0.9, 1000);

  private static final CleanConfig CONFIG =
      new CleanConfig(1, 10, 0.1, 0.5, Urls.KEEP, List.of(), 0, COPIES);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "👍👍👍", "好", "差", "7", "x", "①", "Ⅷ", "★", "€", "↑", "❤\uFE0F", "𠮷", ":-)", ":(", "^_^"
      })
  void oneCharacterWithAMeaningIsATextAlready(String text) {
    assertThat(Validation.faultOf(text, CONFIG)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "!!! ?", "。。。", "---", "+++", "$", "──", "██", "://", "\uFFFD"})
  void punctuationAloneIsTooShort(String text) {
    assertThat(Validation.faultOf(text, CONFIG))
        .contains(
            new Fault(
                "too-short", "0 letters, digits, symbols, emoji and emoticons are left of it"));
  }

  @Test
  void lengthAndBrokenCharactersAreJudgedByCodePoints() {
    assertThat(Validation.faultOf("😀".repeat(10), CONFIG)).isEmpty();
    assertThat(Validation.faultOf("x".repeat(11), CONFIG))
        .contains(new Fault("too-long", "11 characters are more than a document has"));
    assertThat(Validation.faultOf("12345678\uFFFD", CONFIG))
        .contains(new Fault("broken-encoding", "11.1 % of its characters could not be decoded"));
  }

  @Test
  void configurationNamesTheKeyThatIsWrong() {
    assertThatThrownBy(() -> new CleanConfig(1, 10, 0.1, 0, Urls.KEEP, List.of(), 0, COPIES))
        .hasMessage("max-rejected-share must be in (0, 1], got 0.0");
    assertThatThrownBy(() -> new CleanConfig(1, 10, 0.1, 0.5, Urls.KEEP, List.of(), 1, COPIES))
        .hasMessage("boilerplate-share must be in [0, 1), got 1.0");
    assertThatThrownBy(() -> new CleanConfig(1, 10, 0.1, 0.5, null, List.of(), 0, COPIES))
        .hasMessage("urls must be keep, mask or drop");
  }
}
