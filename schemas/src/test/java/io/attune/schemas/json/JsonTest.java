package io.attune.schemas.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
  private static String problem(String json) {
    IOException thrown =
        catchThrowableOfType(
            IOException.class,
            () -> Json.readStrictly(json.getBytes(StandardCharsets.UTF_8), JsonNode.class));
    return Json.problem(thrown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'{\"a\": '           | line 1, column 7",
        "'{'                  | line 1, column 2",
        "'{\"a\": 1, \"a\": 2}' | Duplicate field 'a'",
        "'{} {}'              | there is more after its value (line 1, column 4)",
        "'version'            | Unrecognized token 'version'",
        "'{\"a\":\n\n NaN}'   | (line 3, column",
        "''                   | end-of-input",
      })
  void saysWhereJsonIsWrongInOneLineWithoutJava(String json, String part) {
    assertThat(problem(json == null ? "" : json))
        .contains(part)
        .doesNotContain("[Source", "ReadFeature", "com.fasterxml", "\n");
  }

  @Test
  void saysWhatIsNestedTooDeep() {
    assertThat(problem("[".repeat(10_000)))
        .contains("nesting depth")
        .doesNotContain("[Source", "com.fasterxml", "\n");
  }
}
