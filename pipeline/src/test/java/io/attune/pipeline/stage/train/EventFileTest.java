package io.attune.pipeline.stage.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.storage.Storage;
import io.attune.schemas.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05.500Z"), ZoneOffset.UTC);

  @TempDir Path root;

  @Test
  void whatIsWrittenIsReadBackWithItsChecksums() {
    Storage storage = Storage.at(root.toUri().toString(), new Configuration());
    EventFile file = new EventFile(storage, "runs/night", CLOCK);
    file.startAt(1);
    file.scalar("loss/train", 300, 0.25);
    file.scalar("loss/validation", 1L << 40, -1.5e-3);
    file.write();

    assertThat(storage.list("runs/night"))
        .containsExactly("events.out.tfevents.1767323045.attune.000");
    double time = 1_767_323_045.5;
    assertThat(
            TensorBoardEvents.read(
                storage.read("runs/night/events.out.tfevents.1767323045.attune.000")))
        .isEqualTo(
            List.of(
                new TensorBoardEvents.Event(time, 0, "brain.Event:2", false, "", 0),
                new TensorBoardEvents.Event(time, 1, "", true, "", 0),
                new TensorBoardEvents.Event(time, 300, "", false, "loss/train", 0.25f),
                new TensorBoardEvents.Event(
                    time, 1L << 40, "", false, "loss/validation", -1.5e-3f)));
  }

  @Test
  void theBytesAreThoseOfTheFirstRelease() {
    Storage storage = Storage.at(root.toUri().toString(), new Configuration());
    EventFile file = new EventFile(storage, "runs/night", CLOCK);
    file.startAt(1);
    file.scalar("loss/train", 300, 0.25);
    file.scalar("loss/validation", 1L << 40, -1.5e-3);
    file.write();

    byte[] bytes = storage.read("runs/night/events.out.tfevents.1767323045.attune.000");
    assertThat(bytes).hasSize(180);
    assertThat(Sha256.of(bytes))
        .isEqualTo("0c660d7935a247de48678cffcdf3b1266581869981f111d7447243cf0e44dea5");
  }

  @Test
  void anotherAttemptHasAFileAfterTheFirst() {
    Storage storage = Storage.at(root.toUri().toString(), new Configuration());
    new EventFile(storage, "runs/night", CLOCK).write();
    new EventFile(storage, "runs/night", CLOCK).write();

    assertThat(storage.list("runs/night"))
        .containsExactly(
            "events.out.tfevents.1767323045.attune.000",
            "events.out.tfevents.1767323045.attune.001");
  }

  @Test
  void masksChecksumsAsTfRecordsDo() {
    // CRC-32C of "123456789" is 0xe3069283, the check value of the Rocksoft catalogue of CRCs.
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);

    assertThat(EventFile.maskedCrc(digits))
        .isEqualTo(((0xe3069283 >>> 15) | (0xe3069283 << 17)) + 0xa282ead8);
  }
}
