package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.input.range.JsonCuts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Cuts large files of JSON Lines into pieces for several tasks. Others are read by one task each:
 * of CSV it takes the whole file to know whether a line end is inside quotes.
 */
final class Pieces {
  private Pieces() {}

  /** Returns the pieces of all files, those of one file in order. */
  static List<Piece> of(
      Map<String, Corpus> corpora, List<InputFile> files, long size, Configuration hadoop) {
    List<Piece> pieces = new ArrayList<>();
    for (InputFile file : files) {
      Corpus corpus = corpora.get(file.corpus());
      if (corpus.format().of(file.path()) == Format.JSONL && file.bytes() > size) {
        pieces.addAll(cut(corpus, file, size, hadoop));
      } else {
        pieces.add(Piece.whole(file));
      }
    }
    return pieces;
  }

  private static List<Piece> cut(Corpus corpus, InputFile file, long size, Configuration hadoop) {
    try {
      String encoding = corpus.layout().resolved(file.path(), hadoop).encoding();
      if (encoding.toUpperCase(Locale.ROOT).matches("UTF-?(16|32).*")) {
        return List.of(Piece.whole(file));
      }
      List<Long> cuts = JsonCuts.of(file.path(), file.bytes(), size, hadoop);
      List<Piece> pieces = new ArrayList<>();
      for (int i = 1; i < cuts.size(); i++) {
        pieces.add(new Piece(file, cuts.get(i - 1), cuts.get(i), 0, encoding));
      }
      return pieces;
    } catch (IOException | RuntimeException e) {
      throw Unreadable.failure(file, e);
    }
  }

  /** Counts the lines before each piece, in parallel, so that rows have the lines of their file. */
  static List<Piece> withLines(
      List<Piece> pieces,
      JavaSparkContext spark,
      Broadcast<SerializableConfiguration> configuration) {
    List<Piece> ranges = new ArrayList<>(pieces);
    ranges.removeIf(Piece::isWhole);
    if (ranges.isEmpty()) {
      return pieces;
    }
    List<Long> counts =
        spark
            .parallelize(ranges, ranges.size())
            .map(piece -> countLines(piece, configuration.value().value()))
            .collect();
    Map<String, Long> before = new HashMap<>();
    List<Piece> counted = new ArrayList<>(pieces);
    counted.removeIf(piece -> !piece.isWhole());
    for (int i = 0; i < ranges.size(); i++) {
      Piece piece = ranges.get(i);
      long lines = before.getOrDefault(piece.file().path(), 0L);
      counted.add(piece.behind(lines));
      before.put(piece.file().path(), lines + counts.get(i));
    }
    return counted;
  }

  private static long countLines(Piece piece, Configuration hadoop) {
    try {
      return piece.countLines(hadoop);
    } catch (IOException | RuntimeException e) {
      throw Unreadable.failure(piece.file(), e);
    }
  }
}
