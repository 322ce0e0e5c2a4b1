package io.attune.pipeline.input.range;

import io.attune.pipeline.input.stream.StoredFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/** Cuts files into ranges of about equal size, where records begin. */
record Cuts(Path file, Configuration hadoop, Cuts.Finder finder) {

  /** Finds where a file can be cut. */
  interface Finder {
    /** Returns the first offset at or behind a given one to cut at; -1 if there is none. */
    long next(FSDataInputStream in, long from) throws IOException;
  }

  /**
   * Returns the offsets at which ranges begin, and the file's size at last.
   *
   * @param bytes the file's size
   * @param size that a range has about; one that can nowhere be cut is longer
   */
  List<Long> of(long bytes, long size) throws IOException {
    List<Long> cuts = new ArrayList<>(List.of(0L));
    if (bytes >= size + size / 2) {
      try (FSDataInputStream in = StoredFile.open(file, hadoop)) {
        long target = size;
        while (target + size / 2 <= bytes) {
          long cut = finder.next(in, target);
          if (cut < 0 || cut + size / 2 > bytes) {
            break;
          }
          cuts.add(cut);
          target = cut + size;
        }
      }
    }
    cuts.add(bytes);
    return cuts;
  }
}
