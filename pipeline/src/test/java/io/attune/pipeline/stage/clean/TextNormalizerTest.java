package io.attune.pipeline.stage.clean;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextNormalizerTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Profit &amp; loss|Profit & loss",
        "<p>One</p><p>two</p>|One two",
        "a < b and b > c|a < b and b > c",
        "5 &lt; 6|5 < 6",
        "<script>alert(1)</script>|alert(1)",
        "<style>p {}</style>Text|Text",
        "涨停　板|涨停 板",
        "e\u0301|\u00e9",
        "abc\u202Edef|abcdef",
        "Great 😀!|Great 😀!",
      })
  void normalizes(String text, String expected) {
    assertThat(TextNormalizer.normalize(text)).isEqualTo(expected);
  }

  @Property(tries = 300)
  void whatIsLeftHasNoControlCharactersAndNoDoubleSpaces(@ForAll String text) {
    String normal = TextNormalizer.normalize(text);
    if (normal != null) {
      assertThat(normal).doesNotContainPattern("\\p{Cc}|  |^ | $|[\\u202A-\\u202E]").isNotBlank();
    }
  }
}
