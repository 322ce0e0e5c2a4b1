package io.attune.jobs.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests two versions of Attune on one root. */
class RootVersionTest {
  private static final Clock NOW = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  @TempDir Path folder;

  @Test
  void newerVersionTakesTheRootOverAndTheOlderIsRefusedFromThenOn() {
    Storage storage = Storage.at(folder.toUri().toString(), new Configuration());

    RootVersion.record(storage, "0.9.0", "a", NOW);
    RootVersion.record(storage, "0.10.0-SNAPSHOT", "b", NOW);

    assertThat(RootVersion.of(storage))
        .contains(new RootVersion("0.10.0-SNAPSHOT", "b", "1970-01-01T00:00:00Z"));
    assertThatThrownBy(() -> RootVersion.record(storage, "0.9.1", "c", NOW))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("Attune 0.9.1 cannot work below")
        .hasMessageContaining("Attune 0.10.0-SNAPSHOT has worked there since 1970")
        .hasMessageContaining("update this host to 0.10.0-SNAPSHOT or later")
        .hasMessageContaining("remove attune.json");
  }

  @Test
  void sameVersionLeavesTheFileAlone() {
    Storage storage = Storage.at(folder.toUri().toString(), new Configuration());

    RootVersion.record(storage, "1.2.3", "a", NOW);
    RootVersion.record(storage, "1.2.3-SNAPSHOT", "b", NOW);

    assertThat(RootVersion.of(storage).orElseThrow().commit()).isEqualTo("a");
  }

  @Test
  void buildThatDoesNotKnowItsVersionClaimsNothing() {
    Storage storage = Storage.at(folder.toUri().toString(), new Configuration());

    RootVersion.record(storage, "unknown", "unknown", NOW);
    assertThat(RootVersion.of(storage)).isEmpty();
    RootVersion.record(storage, "0.1.0", "a", NOW);
    RootVersion.record(storage, "unknown", "unknown", NOW);
    assertThat(RootVersion.of(storage).orElseThrow().version()).isEqualTo("0.1.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"version\":\"new\"}", "{\"version\":\"99999999999.0\"}", "["})
  void fileThatNamesNoVersionIsRefused(String json) throws IOException {
    Files.writeString(folder.resolve(RootVersion.FILE_NAME), json);
    Storage storage = Storage.at(folder.toUri().toString(), new Configuration());

    assertThatThrownBy(() -> RootVersion.record(storage, "0.1.0", "a", NOW))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("attune.json' is not a RootVersion");
  }

  @Test
  void versionsCompareByNumber() {
    assertThat(RootVersion.compare("1.10.0", "1.9.9")).isPositive();
    assertThat(RootVersion.compare("1.0", "1.0.1")).isNegative();
    assertThat(RootVersion.compare("2.0.0-rc1", "2.0.0")).isZero();
  }
}
