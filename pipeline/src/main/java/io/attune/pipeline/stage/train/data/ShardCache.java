package io.attune.pipeline.stage.train.data;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Caches the shards that the tasks of this JVM read last. A worker reads its part of the data in
 * order, so each task needs one shard at a time; a small cache is enough.
 */
final class ShardCache {
  /** Limits the decoded shards; one of 64 MB decodes to some 200 MB. The last is always kept. */
  private static final long MAX_BYTES = Math.min(1L << 29, Runtime.getRuntime().maxMemory() / 8);

  private static final Map<String, Entry> ENTRIES = new LinkedHashMap<>(16, 0.75f, true);

  private ShardCache() {}

  /** Returns the shard, read once however many tasks ask for it at a time. */
  static DecodedShard open(String file, Configuration files) throws IOException {
    Entry entry;
    synchronized (ENTRIES) {
      entry = ENTRIES.computeIfAbsent(file, key -> new Entry());
    }
    DecodedShard shard = entry.read(file, files);
    evict();
    return shard;
  }

  /** Frees the memory of this JVM. */
  static void clear() {
    synchronized (ENTRIES) {
      ENTRIES.clear();
    }
  }

  private static void evict() {
    synchronized (ENTRIES) {
      long bytes = ENTRIES.values().stream().mapToLong(Entry::bytes).sum();
      Iterator<Entry> eldest = ENTRIES.values().iterator();
      while (bytes > MAX_BYTES && ENTRIES.size() > 1) {
        bytes -= eldest.next().bytes();
        eldest.remove();
      }
    }
  }

  private static final class Entry {
    private DecodedShard shard;
    private volatile long bytes;

    synchronized DecodedShard read(String file, Configuration files) throws IOException {
      if (shard == null) {
        shard = DecodedShard.read(file, files);
        bytes = shard.bytes();
      }
      return shard;
    }

    long bytes() {
      return bytes;
    }
  }
}
