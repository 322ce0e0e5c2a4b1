package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.input.FileLayout;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.input.PathColumns;
import io.attune.pipeline.input.RawRecord;
import io.attune.pipeline.input.Records;
import io.attune.pipeline.input.stream.StoredFile;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;

/**
 * Reads one file, or a range of it, on an executor, record by record: its documents and rejects,
 * then its tallies. Whatever the file makes its reader throw is a {@link Failure.BadInput} that
 * names it; so is a file that is no longer as it was listed, or whose bytes were not all read.
 */
final class FileRows implements Iterator<Row> {
  private final Piece piece;
  private final InputFile file;
  private final DocumentMapper mapper;
  private final Configuration hadoop;
  private final Tallies tallies;
  private final Map<String, String> pathColumns;
  private final Records records;
  private final long bytesBefore;
  private final Queue<Row> last = new ArrayDeque<>();
  private Row next;
  private boolean ended;

  FileRows(
      Corpus corpus, Piece piece, DocumentMapper mapper, long maxRejects, Configuration hadoop) {
    this.piece = piece;
    this.file = piece.file();
    this.mapper = mapper;
    this.hadoop = hadoop;
    this.tallies = new Tallies(file.corpus(), file.path(), maxRejects);
    this.pathColumns = PathColumns.of(file.path());
    try {
      requireUnchanged(file, hadoop);
      this.bytesBefore = bytesRead();
      this.records = piece.open(corpus, hadoop);
    } catch (IOException | RuntimeException e) {
      throw Unreadable.failure(file, e);
    }
  }

  /** Opens a file that is read record by record. */
  static Records open(Corpus corpus, FileLayout layout, String path, Configuration hadoop)
      throws IOException {
    return Records.open(layout, path, corpus.record(), corpus.columns().mapped(), hadoop);
  }

  /**
   * Fails if a file has grown, shrunk or vanished since it was listed.
   *
   * @throws Failure.BadInput naming it
   */
  static void requireUnchanged(InputFile file, Configuration hadoop) throws IOException {
    Path path = new Path(file.path());
    var now = StoredFile.systemOf(path, hadoop).getFileStatus(path);
    if (now.getLen() != file.bytes() || now.getModificationTime() != file.modified()) {
      throw new Failure.BadInput(
          "'%s' of corpus '%s' changed while it was read: it had %,d bytes, and has %,d; nothing of it"
              + " was taken; let what writes it give the file its name when it is complete, and run"
              + " again",
          file.path(), file.corpus(), file.bytes(), now.getLen());
    }
  }

  @Override
  public boolean hasNext() {
    while (next == null && !ended) {
      RawRecord record = read();
      if (record == null) {
        ended = true;
        last.addAll(tallies.rows());
      } else {
        Row row = mapper.map(file.path(), PathColumns.addTo(record, pathColumns));
        next = tallies.add(row, record.line()) ? row : null;
      }
    }
    return next != null || !last.isEmpty();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Row row = next == null ? last.remove() : next;
    next = null;
    return row;
  }

  /** Reads the next record; null behind the last, when the file is known to be read whole. */
  private RawRecord read() {
    try {
      if (records.hasNext()) {
        RawRecord record = records.next();
        tallies.read();
        return record;
      }
      records.close();
      requireUnchanged(file, hadoop);
      requireWhole();
      return null;
    } catch (IOException | RuntimeException e) {
      try {
        records.close();
      } catch (IOException | RuntimeException closing) {
        e.addSuppressed(closing);
      }
      throw Unreadable.failure(file, e);
    }
  }

  private void requireWhole() throws IOException {
    long read = bytesRead() - bytesBefore;
    if (read > 0 && read < piece.bytes()) {
      throw new Failure.BadInput(
          "Of '%s' of corpus '%s' only %,d of %,d bytes were read; nothing of it was taken; look for"
              + " a second file or broken bytes inside it",
          file.path(), file.corpus(), read, piece.bytes());
    }
  }

  /**
   * Returns how many bytes this thread has read from the file's file system: 0 where the file
   * system is not known to count all of them in the thread that reads.
   */
  @SuppressWarnings("deprecation") // only these statistics are by thread; Spark reads them too
  private long bytesRead() {
    String scheme = new Path(file.path()).toUri().getScheme();
    if (!"file".equals(scheme) && !"hdfs".equals(scheme)) {
      return 0;
    }
    long bytes = 0;
    for (FileSystem.Statistics statistics : FileSystem.getAllStatistics()) {
      if (scheme.equals(statistics.getScheme())) {
        bytes += statistics.getThreadStatistics().getBytesRead();
      }
    }
    return bytes;
  }
}
