package io.attune.pipeline.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CardTextTest {
  @ParameterizedTest
  @CsvSource({
    "apache-2.0, apache-2.0",
    "<script>alert(1)</script>, &#60;script&#62;alert(1)&#60;/script&#62;",
    "[x](javascript:y), &#91;x&#93;(javascript:y)",
    "a_b*c`d|e, a&#95;b&#42;c&#96;d&#124;e",
  })
  void leavesNoMarkupInATextOfOthers(String given, String escaped) {
    assertThat(CardText.escaped(given)).isEqualTo(escaped);
  }

  @Test
  void keepsATextOfOthersOnOneShortLine() {
    assertThat(CardText.escaped("mit\n# Own\u001b[31m\u202Ex")).isEqualTo("mit # Own &#91;31m x");
    assertThat(CardText.escaped("x".repeat(1000))).hasSize(201).endsWith("…");
    assertThat(CardText.yaml("mit\nevil: true")).isEqualTo("\"mit evil: true\"");
  }

  @ParameterizedTest
  @CsvSource({
    "apache-2.0, apache-2.0",
    "no, '\"no\"'",
    "1.0, '\"1.0\"'",
    "'a: b', '\"a: b\"'",
    "'a \"b', '\"a \\\"b\"'",
    "'', '\"\"'",
  })
  void quotesWhatYamlWouldTakeForSomethingElse(String given, String value) {
    assertThat(CardText.yaml(given)).isEqualTo(value);
  }
}
