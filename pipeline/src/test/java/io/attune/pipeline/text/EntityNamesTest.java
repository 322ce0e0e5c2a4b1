package io.attune.pipeline.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EntityNamesTest {
  @Test
  void readsListsInEveryForm() {
    assertThat(EntityNames.of("NVL, ORC ;NVL", ",;|")).containsExactly("NVL", "ORC");
    assertThat(EntityNames.of("Old Mill Store", ",;|")).containsExactly("Old Mill Store");
    assertThat(EntityNames.of("[\"A, Inc.\", 5]", ",")).containsExactly("A, Inc.", "5");
    assertThat(EntityNames.of("['A', 'B']", "")).containsExactly("A", "B");
    assertThat(EntityNames.of("[]", ",")).isEmpty();
    assertThat(EntityNames.of(null, ",")).isEmpty();
    assertThat(EntityNames.of(" ; ", ";")).isEmpty();
  }

  @Test
  void boundsNumberAndLengthOfNames() {
    String many = IntStream.range(0, 500).mapToObj(i -> "n" + i).collect(Collectors.joining(","));

    assertThat(EntityNames.of(many, ",")).hasSize(50);
    assertThat(EntityNames.of("x".repeat(500), ",").get(0)).hasSize(80);
  }
}
