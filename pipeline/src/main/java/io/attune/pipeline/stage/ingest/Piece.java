package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.input.FileLayout;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.input.range.RangeFileSystem;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Is what one task reads of a file: all of it, or a range.
 *
 * @param to the offset behind the last byte
 * @param lines of the file before it
 * @param encoding of the whole file, which a range alone may not show; null for the corpus's
 */
record Piece(InputFile file, long from, long to, long lines, String encoding)
    implements Serializable {

  static Piece whole(InputFile file) {
    return new Piece(file, 0, file.bytes(), 0, null);
  }

  boolean isWhole() {
    return from == 0 && to == file.bytes();
  }

  long bytes() {
    return to - from;
  }

  Piece behind(long lines) {
    return new Piece(file, from, to, lines, encoding);
  }

  /** Returns how to read it. */
  FileLayout layout(Corpus corpus) {
    return encoding == null ? corpus.layout() : corpus.layout().withEncoding(encoding);
  }

  /** Returns the path under which a reader finds it. */
  String path() {
    return isWhole() ? file.path() : RangeFileSystem.path(file.path(), from, to);
  }

  Configuration configuration(Configuration hadoop) {
    return isWhole() ? hadoop : RangeFileSystem.in(hadoop);
  }

  /** Counts its line ends: LF, CR LF and CR, as readers do. */
  long countLines(Configuration hadoop) throws IOException {
    long lines = 0;
    boolean carriageReturn = false;
    byte[] buffer = new byte[1 << 16];
    Path path = new Path(path());
    try (InputStream in = path.getFileSystem(configuration(hadoop)).open(path)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        for (int i = 0; i < read; i++) {
          boolean lineFeed = buffer[i] == '\n';
          if (lineFeed || carriageReturn) {
            lines++;
          }
          carriageReturn = buffer[i] == '\r';
        }
      }
    }
    return carriageReturn ? lines + 1 : lines;
  }
}
