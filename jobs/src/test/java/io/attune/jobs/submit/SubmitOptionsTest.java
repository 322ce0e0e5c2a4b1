package io.attune.jobs.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.jobs.submit.SubmitOptions.Entry;
import io.attune.schemas.failure.Failure;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SubmitOptionsTest {
  @Test
  void wordsAreSortedIntoOptionsAsSparkSubmitReadsThem() {
    SubmitOptions options =
        SubmitOptions.of(
            "  --queue research --verbose --driver-java-options -Da=b  -c x=1 --conf=y=2=3 ");

    assertThat(options.all())
        .containsExactly(
            new Entry("--queue", Optional.of("research")),
            new Entry("--verbose", Optional.empty()),
            new Entry("--driver-java-options", Optional.of("-Da=b")),
            new Entry("--conf", Optional.of("x=1")),
            new Entry("--conf", Optional.of("y=2=3")));
    assertThat(options.conf("x")).contains("1");
    assertThat(options.conf("y")).contains("2=3");
    assertThat(options.conf("z")).isEmpty();
  }

  @Test
  void lastOfTwoHolds() {
    SubmitOptions options =
        SubmitOptions.of("--master a --master b --conf k=1 --conf k=2 --conf kk=3");

    assertThat(options.value("--master")).contains("b");
    assertThat(options.conf("k")).contains("2");
    assertThat(options.without("--master").withoutConf("k").all())
        .containsExactly(new Entry("--conf", Optional.of("kk=3")));
  }

  @Test
  void nothingIsNoOption() {
    assertThat(SubmitOptions.of(" ").all()).isEmpty();
  }

  @Test
  void optionWithoutItsValueIsRefused() {
    assertThatThrownBy(() -> SubmitOptions.of("--verbose --queue"))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessage("ATTUNE_SUBMIT_OPTS ends with --queue, which needs a value");
  }

  @Test
  void settingWithoutAValueIsRefused() {
    assertThatThrownBy(() -> SubmitOptions.of("--queue q --conf foo"))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessage("ATTUNE_SUBMIT_OPTS: --conf needs KEY=VALUE, got 'foo'");
  }
}
