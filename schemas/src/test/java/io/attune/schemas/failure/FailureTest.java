package io.attune.schemas.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureTest {
  @Test
  void everyKindHasTheExitCodeThatIsDocumented() throws Exception {
    List<Failure> kinds =
        List.of(
            new Failure.BadUsage("why"),
            new Failure.BadInput("why"),
            new Failure.AlreadyPublished("why"),
            new Failure.ModelRefused("why"),
            new Failure.TrainingDiverged("why"),
            new Failure.Busy("why"));
    String documented = Files.readString(Path.of("../docs/EXIT_CODES.md"));

    assertThat(kinds).extracting(Failure::exitCode).containsExactly(2, 3, 4, 5, 6, 7);
    assertThat(kinds).hasSameSizeAs(Failure.class.getPermittedSubclasses());
    kinds.forEach(kind -> assertThat(documented).contains("| " + kind.exitCode() + " |"));
  }

  @Test
  void percentSignsOfValuesAreLeftAlone() {
    assertThat(new Failure.BadInput("'%s' is bad", "100 % %d")).hasMessage("'100 % %d' is bad");
  }
}
