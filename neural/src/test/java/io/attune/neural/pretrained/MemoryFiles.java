package io.attune.neural.pretrained;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Holds the files of an encoder in memory, and counts how often each is opened. */
final class MemoryFiles implements EncoderFiles {
  private final Map<String, byte[]> contents = new LinkedHashMap<>();
  private final Map<String, Integer> opened = new LinkedHashMap<>();

  MemoryFiles with(String name, byte[] bytes) {
    contents.put(name, bytes);
    return this;
  }

  MemoryFiles with(String name, String text) {
    return with(name, text.getBytes(StandardCharsets.UTF_8));
  }

  MemoryFiles without(String name) {
    contents.remove(name);
    return this;
  }

  /** Returns how often a file was opened. */
  int opened(String name) {
    return opened.getOrDefault(name, 0);
  }

  @Override
  public String location() {
    return "memory";
  }

  @Override
  public boolean exists(String name) {
    return contents.containsKey(name);
  }

  @Override
  public long size(String name) throws IOException {
    return bytes(name).length;
  }

  @Override
  public InputStream open(String name) throws IOException {
    opened.merge(name, 1, Integer::sum);
    return new ByteArrayInputStream(bytes(name));
  }

  private byte[] bytes(String name) throws IOException {
    byte[] bytes = contents.get(name);
    if (bytes == null) {
      throw new FileNotFoundException(name);
    }
    return bytes;
  }
}
