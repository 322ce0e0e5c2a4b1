package io.attune.neural.pretrained;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.errorprone.annotations.FormatMethod;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.io.InputStream;

/** Names one file of an encoder, reads it and reports what is wrong with it. */
record SourceFile(EncoderFiles files, String name) {
  /** Limits files that are read into memory as a whole; the largest tokenizers have 20 MB. */
  private static final long MAX_BYTES = 200_000_000;

  boolean exists() {
    try {
      return files.exists(name);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  long size() {
    try {
      return files.size(name);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Opens the file, which the caller closes. */
  InputStream open() throws IOException {
    return files.open(name);
  }

  /** Returns the whole file, which must be small. */
  byte[] bytes() {
    if (size() > MAX_BYTES) {
      throw bad(
          "it has %d bytes, more than the %d that such a file may have; take the encoder from its"
              + " publisher again",
          size(), MAX_BYTES);
    }
    try (InputStream in = open()) {
      byte[] bytes = in.readAllBytes();
      requireNoPointer(bytes);
      return bytes;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Refuses what Git LFS leaves in the place of a large file that was not fetched. */
  void requireNoPointer() {
    if (size() > EncoderFiles.POINTER_BYTES) {
      return;
    }
    try (InputStream in = open()) {
      requireNoPointer(in.readAllBytes());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private void requireNoPointer(byte[] bytes) {
    if (EncoderFiles.isPointer(bytes)) {
      throw bad("%s", EncoderFiles.POINTER);
    }
  }

  /** Returns the file as a tree of JSON. */
  JsonNode json() {
    try {
      return Json.readStrictly(bytes(), JsonNode.class);
    } catch (IOException e) {
      throw bad("it is not JSON: %s; take the encoder from its publisher again", Json.problem(e));
    }
  }

  Failure.BadInput unreadable(IOException e) {
    return new Failure.BadInput(
        e,
        "Cannot read %s: %s; check that the folder is there, complete and readable",
        this,
        problem(e));
  }

  private static String problem(IOException e) {
    String name = e.getClass().getSimpleName();
    String message = e.getMessage() == null ? name : e.getMessage();
    return message.contains(" ") ? message : name + ": " + message; // else it names a file alone
  }

  /**
   * Describes what is wrong with the file.
   *
   * @param problem what is wrong, and what to do next
   */
  @FormatMethod
  Failure.BadInput bad(String problem, Object... values) {
    return new Failure.BadInput("Cannot read %s: %s", this, problem.formatted(values));
  }

  @Override
  public String toString() {
    return files.location() + "/" + name;
  }
}
