package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.input.RecordReader.End;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Makes sure that the pieces of a large file hold the records that one reader would find, and
 * counts their lines. Whether a line end of CSV is within quotes is known only to a reader that
 * comes from the start of the file. So each piece is read to see where its last record ends; where
 * that is not where the next piece begins, the next begins there and is read again, until all fit.
 * The first piece begins right, so that in the end all do.
 */
final class PieceChain {
  /**
   * Times that pieces are read again; from the first that does not fit then, a file is one piece.
   */
  private static final int ROUNDS = 20;

  private final Map<Piece, End> ends = new HashMap<>();
  private final List<String> warnings = new ArrayList<>();
  private final Measure measure;

  /** Finds where pieces end, all at once. */
  interface Measure {
    List<End> of(List<Piece> pieces);
  }

  PieceChain(Measure measure) {
    this.measure = measure;
  }

  /** Measures on executors. */
  static Measure on(
      JavaSparkContext spark,
      Map<String, Corpus> corpora,
      Broadcast<SerializableConfiguration> configuration) {
    Map<String, Corpus> named = new TreeMap<>(corpora);
    return pieces ->
        spark
            .parallelize(pieces, pieces.size())
            .map(
                piece ->
                    end(piece, named.get(piece.file().corpus()), configuration.value().value()))
            .collect();
  }

  private static End end(Piece piece, Corpus corpus, Configuration hadoop) {
    try {
      FileRows.requireUnchanged(piece.file(), hadoop);
      return piece.end(corpus, hadoop);
    } catch (IOException | RuntimeException e) {
      throw Unreadable.failure(piece.file(), e);
    }
  }

  /** Returns the pieces as they are to be read, those of one file in order. */
  List<Piece> of(List<Piece> pieces) {
    Map<String, List<Piece>> files = new LinkedHashMap<>();
    List<Piece> all = new ArrayList<>();
    for (Piece piece : pieces) {
      if (piece.isWhole()) {
        all.add(piece);
      } else {
        files.computeIfAbsent(Inputs.key(piece.file()), any -> new ArrayList<>()).add(piece);
      }
    }
    for (int round = 0; measureNew(files); round++) {
      boolean isLast = round == ROUNDS;
      files.replaceAll((file, chain) -> isLast ? cutOff(chain) : joined(chain));
    }
    files.values().forEach(chain -> all.addAll(withLines(chain)));
    return all;
  }

  /** Returns which files could not be cut as others are. */
  List<String> warnings() {
    return warnings;
  }

  /**
   * Measures the pieces of which it is not known where they end; returns whether there were any.
   */
  private boolean measureNew(Map<String, List<Piece>> files) {
    List<Piece> open = new ArrayList<>();
    for (List<Piece> chain : files.values()) {
      for (Piece piece : chain) {
        if (piece.to() == piece.file().bytes()) {
          ends.put(piece, new End(piece.to(), 0));
        } else if (!ends.containsKey(piece)) {
          open.add(piece);
        }
      }
    }
    if (!open.isEmpty()) {
      List<End> found = measure.of(open);
      for (int i = 0; i < open.size(); i++) {
        ends.put(open.get(i), found.get(i));
      }
    }
    return !open.isEmpty();
  }

  /**
   * Moves the start of the first piece that does not begin where the one before it ends; none is
   * left of those before that end. What is behind stays: its ends are not proven yet.
   */
  private List<Piece> joined(List<Piece> chain) {
    List<Piece> joined = new ArrayList<>();
    long start = 0;
    boolean isProven = true;
    for (Piece piece : chain) {
      if (!isProven || piece.from() == start) {
        joined.add(piece);
      } else if (start < piece.to()) {
        joined.add(piece.between(start, piece.to()));
      } else {
        continue;
      }
      End end = ends.get(joined.get(joined.size() - 1));
      isProven &= end != null;
      start = end == null ? start : end.offset();
    }
    return joined;
  }

  /** Makes one piece of all from the first on that does not begin where the one before it ends. */
  private List<Piece> cutOff(List<Piece> chain) {
    List<Piece> fitting = new ArrayList<>();
    long start = 0;
    for (Piece piece : chain) {
      if (piece.from() != start) {
        fitting.add(piece.between(start, piece.file().bytes()));
        warnings.add(
            "'%s' is read by one task from byte %,d on: where its records begin cannot be told from"
                    .formatted(piece.file().path(), start)
                + " its quotes; check corpora.quote and corpora.escape, or write it in parts");
        return fitting;
      }
      fitting.add(piece);
      start = ends.get(piece).offset();
    }
    return fitting;
  }

  private List<Piece> withLines(List<Piece> chain) {
    List<Piece> counted = new ArrayList<>();
    long lines = 0;
    long start = 0;
    for (Piece piece : chain) {
      End end = ends.get(piece);
      requireJoined(piece, start, piece.from());
      start = end.offset();
      counted.add(piece.between(piece.from(), end.offset()).behind(lines));
      lines += end.lines();
    }
    Piece last = chain.get(chain.size() - 1);
    requireJoined(last, start, last.file().bytes());
    return counted;
  }

  private static void requireJoined(Piece piece, long end, long start) {
    if (end != start) {
      throw new IllegalStateException(
          "The pieces of '%s' have a gap between byte %d and %d"
              .formatted(piece.file().path(), end, start));
    }
  }
}
