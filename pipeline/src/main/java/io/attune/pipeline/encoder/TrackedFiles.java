package io.attune.pipeline.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attune.neural.pretrained.EncoderFiles;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads the files of an encoder and remembers which, so that its provenance can name them. */
final class TrackedFiles implements EncoderFiles {
  /** Limits files that describe an encoder, which have a few kilobytes. */
  static final long MAX_BYTES = 10_000_000;

  private final EncoderFiles files;
  private final TreeSet<String> opened = new TreeSet<>();

  TrackedFiles(EncoderFiles files) {
    this.files = files;
  }

  @Override
  public String location() {
    return files.location();
  }

  @Override
  public boolean exists(String name) throws IOException {
    return files.exists(name);
  }

  @Override
  public long size(String name) throws IOException {
    return files.size(name);
  }

  @Override
  public InputStream open(String name) throws IOException {
    opened.add(name);
    return files.open(name);
  }

  /** Returns the bytes of a file that need not be read; empty if there is none, or a large one. */
  Optional<byte[]> findSmall(String name) throws IOException {
    return exists(name) && size(name) <= MAX_BYTES ? find(name) : Optional.empty();
  }

  /**
   * Returns the bytes of a small file; empty if there is none of that name.
   *
   * @throws Failure.BadInput if it is large
   */
  Optional<byte[]> find(String name) throws IOException {
    if (!exists(name)) {
      return Optional.empty();
    }
    if (size(name) > MAX_BYTES) {
      throw new Failure.BadInput(
          "'%s' of '%s' has %,d bytes, more than the %,d that such a file may have; copy it again"
              + " from where the encoder came from",
          name, location(), size(name), MAX_BYTES);
    }
    try (InputStream in = open(name)) {
      return Optional.of(in.readAllBytes());
    }
  }

  /**
   * Returns the JSON object in a file; empty if there is no such file.
   *
   * @throws Failure.BadInput if it is something else
   */
  Optional<ObjectNode> object(String name) throws IOException {
    Optional<byte[]> found = find(name);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (EncoderFiles.isPointer(found.get())) {
      throw new Failure.BadInput("Cannot read '%s' of '%s': %s", name, location(), POINTER);
    }
    try {
      if (Json.read(found.get(), JsonNode.class) instanceof ObjectNode object) {
        return Optional.of(object);
      }
      throw notAnObject(name, "it is another value");
    } catch (IOException e) {
      throw notAnObject(name, Json.problem(e));
    }
  }

  private Failure.BadInput notAnObject(String name, String problem) {
    return new Failure.BadInput(
        "'%s' of '%s' is not a JSON object: %s; copy it again from where the encoder came from",
        name, location(), problem);
  }

  /** Returns the SHA-256 of each file that was opened, by name; reads them once more. */
  SortedMap<String, String> hashes() throws IOException {
    SortedMap<String, String> hashes = new TreeMap<>();
    for (String name : opened) {
      try (InputStream in = files.open(name)) {
        hashes.put(name, Sha256.of(in));
      }
    }
    return hashes;
  }
}
