package io.attune.pipeline.encoder;

import io.attune.schemas.Sha256;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.EncoderCard;
import io.attune.schemas.model.Manifest;
import io.attune.schemas.model.Manifest.FileEntry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Tells encoders apart by all that they compute with: weights, configuration, tokenizer, pooling.
 * Its description and the text of its licence do not count: the same encoder may come from another
 * place.
 *
 * @param hashes SHA-256 by the name of a file
 */
record EncoderContent(SortedMap<String, String> hashes) {
  private static final Set<String> SAID = Set.of(EncoderCard.FILE_NAME, EncoderCard.LICENCE);

  /** Returns the content of files that are to be published. */
  static EncoderContent of(Map<String, byte[]> files) {
    SortedMap<String, String> hashes = new TreeMap<>();
    files.forEach((name, bytes) -> hashes.put(name, Sha256.of(bytes)));
    hashes.keySet().removeAll(SAID);
    return new EncoderContent(hashes);
  }

  /** Returns the content of a published encoder. */
  static EncoderContent of(Manifest manifest) {
    SortedMap<String, String> hashes = new TreeMap<>();
    for (FileEntry file : manifest.files()) {
      hashes.put(file.path(), file.sha256());
    }
    hashes.keySet().removeAll(SAID);
    return new EncoderContent(hashes);
  }

  /** Returns the SHA-256 of all of it. */
  String identity() {
    return Sha256.of(Json.line(hashes));
  }

  /** Returns the names of the files that differ, or that only one of the two has. */
  List<String> differences(EncoderContent other) {
    TreeSet<String> names = new TreeSet<>(hashes.keySet());
    names.addAll(other.hashes.keySet());
    names.removeIf(
        name -> hashes.getOrDefault(name, "").equals(other.hashes.getOrDefault(name, "")));
    return List.copyOf(names);
  }
}
