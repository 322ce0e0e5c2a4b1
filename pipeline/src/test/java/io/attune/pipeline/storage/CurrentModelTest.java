package io.attune.pipeline.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurrentModelTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:00:00Z"), ZoneOffset.UTC);

  @TempDir Path folder;

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
