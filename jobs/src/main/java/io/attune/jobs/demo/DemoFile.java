package io.attune.jobs.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/**
 * Holds one file of the demo.
 *
 * @param path below the folder of the demo
 * @param items contents of its good rows, in order
 * @param defects how often each occurs in it
 */
record DemoFile(String path, List<Item> items, List<String> lines, Map<Defect, Integer> defects) {
  /** Holds the first byte of a two-byte character of UTF-8, without its second. */
  private static final byte[] NOT_UTF_8 = {(byte) 0xC3, '('};

  /** Holds the first byte of {@link Corruptor#INVALID} in UTF-8; no other character has it. */
  private static final byte FIRST_OF_INVALID = (byte) 0xEE;

  static DemoFile of(Channel channel, Night night, long seed) {
    Random random = new Random(mixed(seed, channel.path(night).hashCode()));
    Corruptor corruptor = new Corruptor(channel, random);
    List<Item> items = corruptor.corrupt(new TextGenerator(channel, random).write(night));
    List<String> lines = new ArrayList<>();
    Channel.Layout layout = channel.layout();
    if (layout.format().hasHeader()) {
      lines.add(layout.format().row(layout.header(), layout.header()));
    }
    lines.addAll(corruptor.rows(items));
    return new DemoFile(channel.path(night), items, lines, corruptor.counts());
  }

  /** Returns the bytes of the file, compressed if its name ends in {@code .gz}. */
  byte[] bytes() {
    byte[] plain =
        withInvalidBytes((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    if (!path.endsWith(".gz")) {
      return plain;
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot pack " + path, e);
    }
    return packed.toByteArray();
  }

  private static byte[] withInvalidBytes(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length);
    for (int i = 0; i < plain.length; i++) {
      if (plain[i] == FIRST_OF_INVALID) {
        out.writeBytes(NOT_UTF_8);
        i += 2;
      } else {
        out.write(plain[i]);
      }
    }
    return out.toByteArray();
  }

  /** Spreads seeds that lie close together: the finalizer of MurmurHash3. */
  private static long mixed(long seed, int salt) {
    long mixed = seed * 31 + salt;
    mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
