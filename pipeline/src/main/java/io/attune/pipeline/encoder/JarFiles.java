package io.attune.pipeline.encoder;

import io.attune.neural.pretrained.EncoderFiles;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.EncoderCard;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Gives the two data files of a known encoder's jar the names that they have in a folder, and adds
 * the files that the jar lacks.
 */
final class JarFiles implements EncoderFiles, AutoCloseable {
  private final String location;
  private final ZipFile zip;
  private final Map<String, String> entries;
  private final Map<String, byte[]> added = new TreeMap<>();

  /** Opens a jar whose hash was checked. */
  JarFiles(KnownEncoder encoder, MavenRepository.Jar jar) throws IOException {
    location = jar.file().toString();
    zip = new ZipFile(jar.file().toFile());
    entries = Map.of("model.onnx", encoder.onnx(), EncoderCard.TOKENIZER, encoder.tokenizer());
    added.put(EncoderCard.CONFIG, Json.pretty(encoder.config()));
    added.put(EncoderCard.LICENCE, encoder.licenceText());
    String mode = encoder.pooling().equals("first") ? "cls" : "mean";
    added.put("1_Pooling/config.json", Json.pretty(Map.of("pooling_mode", mode)));
  }

  @Override
  public String location() {
    return location;
  }

  @Override
  public boolean exists(String name) {
    return added.containsKey(name) || entries.containsKey(name);
  }

  @Override
  public long size(String name) throws IOException {
    return added.containsKey(name) ? added.get(name).length : entry(name).getSize();
  }

  @Override
  public InputStream open(String name) throws IOException {
    return added.containsKey(name)
        ? new ByteArrayInputStream(added.get(name))
        : zip.getInputStream(entry(name));
  }

  private ZipEntry entry(String name) throws FileNotFoundException {
    ZipEntry entry = entries.containsKey(name) ? zip.getEntry(entries.get(name)) : null;
    if (entry == null) {
      throw new FileNotFoundException("the jar has no '%s'".formatted(name));
    }
    return entry;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
