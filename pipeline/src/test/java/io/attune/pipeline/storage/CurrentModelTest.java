package io.attune.pipeline.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.schemas.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurrentModelTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:00:00Z"), ZoneOffset.UTC);

  @TempDir Path folder;

  @Test
  void damagedPointerIsRefusedAndNotTakenForNone() {
    Storage storage = Storage.at(folder.toUri().toString(), new Configuration());
    CurrentModel current = CurrentModel.of(storage, "news");
    for (String damaged : List.of("null", "{}", "{\"version\":\"2026-01-01.1\"}", "")) {
      storage.replace("models/news/current", damaged.getBytes(StandardCharsets.UTF_8));

      assertThatThrownBy(current::version)
          .as(damaged)
          .isInstanceOf(Failure.BadInput.class)
          .hasMessageContaining("models/news/current' is not a Pointer");
    }
  }

  @Test
  void pointerMovesAndKeepsEveryMove() {
    Storage storage = Storage.at(folder.toUri().toString(), new Configuration());
    CurrentModel current = CurrentModel.of(storage, "news");
    assertThat(current.version()).isEmpty();

    current.pointTo("2026-01-01.1", "first", CLOCK);
    current.pointTo("2026-01-02.1", "better", CLOCK);
    current.pointTo("2026-01-02.1", "again", CLOCK);

    assertThat(current.version()).contains("2026-01-02.1");
    assertThat(current.history())
        .extracting(CurrentModel.Move::reason)
        .containsExactly("first", "better");
  }
}
