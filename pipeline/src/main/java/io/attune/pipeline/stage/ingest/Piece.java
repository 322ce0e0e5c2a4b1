package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.input.FileLayout;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.input.RecordReader;
import io.attune.pipeline.input.Records;
import io.attune.pipeline.input.stream.LineEnds;
import io.attune.pipeline.input.stream.TextRange;
import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

/**
 * Is what one task reads of a file: all of it, or a range.
 *
 * @param range null for all
 * @param encoding of the whole file, which a range alone may not show; null for the corpus's
 */
record Piece(InputFile file, RecordReader.Range range, String encoding) implements Serializable {

  static Piece whole(InputFile file) {
    return new Piece(file, null, null);
  }

  boolean isWhole() {
    return range == null;
  }

  long from() {
    return isWhole() ? 0 : range.from();
  }

  long to() {
    return isWhole() ? file.bytes() : range.to();
  }

  long bytes() {
    return to() - from();
  }

  /** Returns the part of the file between two other offsets. */
  Piece between(long from, long to) {
    return new Piece(file, new RecordReader.Range(from, to, 0, range.head()), encoding);
  }

  /** Returns the same with the lines of the file before it. */
  Piece behind(long lines) {
    return new Piece(
        file, new RecordReader.Range(range.from(), range.to(), lines, range.head()), encoding);
  }

  Records open(Corpus corpus, Configuration hadoop) throws IOException {
    return isWhole()
        ? FileRows.open(corpus, corpus.layout(), file.path(), hadoop)
        : Records.openRange(layout(corpus), file.path(), range, hadoop);
  }

  private FileLayout layout(Corpus corpus) {
    return corpus.layout().withEncoding(encoding);
  }

  /**
   * Reads a range to see where the last record ends that begins in it, and how many lines that are.
   */
  RecordReader.End end(Corpus corpus, Configuration hadoop) throws IOException {
    FileLayout layout = layout(corpus);
    TextRange text = new TextRange(file.path(), from(), to(), encoding);
    if (range.head() == null) {
      return new RecordReader.End(to(), LineEnds.count(text, hadoop));
    } else if (from() > 0 && !layout.hasQuotes(layout.format().of(file.path()))) {
      // Each line is a record; only what is before the first of the file may take several.
      int lineEnd = range.head().lineEnd();
      return new RecordReader.End(to(), LineEnds.count(text, lineEnd, hadoop));
    }
    return RecordReader.endOf(layout, file.path(), range, hadoop);
  }
}
