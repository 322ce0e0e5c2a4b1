package io.attune.schemas.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.schemas.json.Json;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RunLanguagesTest {
  private static RunLanguages of(Map<String, Double> shares) {
    return new RunLanguages(new TreeMap<>(shares));
  }

  @Test
  void namesTheMostFrequentFirst() {
    RunLanguages languages = of(Map.of("de", 0.13, "en", 0.25, "zh", 0.6));

    assertThat(languages.names()).containsExactly("zh", "en", "de");
    assertThat(languages.describe()).isEqualTo("zh 60 %, en 25 %, de 13 %");
  }

  @Test
  void isReadAsItWasWritten() throws IOException {
    RunLanguages languages = of(Map.of("en", 0.5, "zh", 0.4));

    assertThat(Json.read(Json.pretty(languages), RunLanguages.class)).isEqualTo(languages);
  }

  @Test
  void oneLanguageIsNotSeveral() {
    assertThatThrownBy(() -> of(Map.of("en", 1.0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("languages are several, got {en=1.0}");
  }
}
