package io.attune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Tests bad input through the whole command line: exit code, one message, nothing half published.
 */
class BadInputTest extends ReviewsTask {
  @Test
  void emptyFile() throws IOException {
    Files.createFile(folder.resolve("reviews.csv"));

    requireFailure(3, nightly());
    requireMessage("attune nightly: '", "reviews.csv' of corpus 'shop' is empty", "remove it");
    requireNothingIngested();
  }

  @Test
  void fileWithNothingButAHeader() throws IOException {
    Files.writeString(folder.resolve("reviews.csv"), "id,text,stars\n");

    requireFailure(3, nightly());
    requireMessage("holds no record, only a header");
    requireNothingIngested();
  }

  @Test
  void wrongDelimiter() throws IOException {
    reviews(row -> "%d;A %s thing number %d came.;%s%n");
    Path file = folder.resolve("reviews.csv");
    Files.writeString(file, Files.readString(file).replace("id,text,stars", "id;text;stars"));

    requireFailure(3, nightly());
    requireMessage(
        "reviews.csv' of corpus 'shop' is not separated by ','", "set corpora.delimiter to ';'");
    requireNothingIngested();
  }

  @Test
  void mappedColumnThatDoesNotExist() throws IOException {
    reviews(row -> ROW);
    Path file = folder.resolve("reviews.csv");
    Files.writeString(file, Files.readString(file).replace("stars", "rating"));

    requireFailure(3, nightly());
    requireMessage(
        "has no column 'stars'", "it has 'id', 'rating', 'text'", "correct corpora.columns");
    requireNothingIngested();
  }

  @Test
  void wrongTypeInTheConfiguration() throws IOException {
    reviews(row -> ROW);

    assertThat(nightly("--set", "train.stopping.epochs=many")).isEqualTo(2);
    requireMessage("train.stopping.epochs", "many");
    requireNothingIngested();
  }

  @Test
  void valueOutsideItsRange() throws IOException {
    reviews(row -> ROW);

    assertThat(nightly("--set", "model.heads=3")).isEqualTo(2);
    requireMessage("reviews.yaml", "model.heads must divide width, got 3 heads and width 16");
    requireNothingIngested();
  }

  @Test
  void labelOutsideTheSetInEveryRecord() throws IOException {
    reviews(row -> "%d,A %s thing number %d came.,so-%s%n");

    requireFailure(3, nightly());
    requireMessage(
        "Corpus 'shop'",
        "400 of 400 records were rejected",
        "'so-good' is not a class of head 'mood': [bad, good]");
    requireNothingIngested();
  }

  @Test
  void labelOutsideTheSetInOneRecordIsRejectedAndTheRunGoesOn() throws IOException {
    reviews(row -> row == 7 ? "%d,A %s thing number %d came.,so-%s%n" : ROW);

    assertThat(nightly("--until", "ingest")).as(err.toString()).isZero();
    assertThat(Files.readString(root("runs/reviews/" + RUN + "/state.json")))
        .contains("399 documents from 1 files, 1 records rejected");
  }

  @Test
  void splitThatLeavesAClassWithoutRows() throws IOException {
    Path text = folder.resolve("reviews.csv");
    reviews(row -> ROW);
    Files.writeString(text, Files.readString(text).replaceAll(",bad\r?\n", ",good\n"));

    requireFailure(3, nightly());
    requireMessage("The train split", "holds no row of", "'bad'", "take the class out");
    assertThat(folder.resolve("root/tokenizers")).doesNotExist();
    assertThat(folder.resolve("root/datasets")).doesNotExist();
  }

  @Test
  void lockThatAnotherProcessTookOverMeanwhile() throws Exception {
    reviews(row -> ROW);
    CompletableFuture<Void> other = CompletableFuture.runAsync(this::takeOverTheLock);

    requireFailure(7, nightly());
    other.join();
    requireMessage("This process lost its lock on the task", "on host 'elsewhere'");
    requireNothingIngested();
    assertThat(root("runs/reviews/.lock")).content().contains("elsewhere");
  }

  /** Takes over the lock as soon as the run has begun. */
  private void takeOverTheLock() {
    Path lock = root("runs/reviews/.lock");
    try {
      while (Files.notExists(root("runs/reviews/" + RUN + "/state.json"))) {
        Thread.onSpinWait();
      }
      String taken =
          Files.readString(lock)
              .replaceAll("\"(token|host)\" : \"[^\"]*\"", "\"$1\" : \"elsewhere\"");
      Path staged = Files.writeString(folder.resolve("taken"), taken);
      Files.deleteIfExists(lock.resolveSibling("..lock.crc"));
      Files.move(staged, lock, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
