package io.attune.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class YamlFileTest {
  @Test
  void plainValuesAreWhatYaml12SaysTheyAre() {
    Map<String, Object> values =
        YamlFile.parse(
                "task.yaml",
                """
                classes: [no, yes, off, true, 1, 0.5, ~]
                path: 2024-01-05
                "y": on
                empty:
                """)
            .values();

    assertThat(values)
        .containsEntry("classes", Arrays.asList("no", "yes", "off", true, 1, 0.5, null));
    assertThat(values).containsEntry("path", "2024-01-05").containsEntry("y", "on");
    assertThat(values).containsEntry("empty", null);
  }
}
