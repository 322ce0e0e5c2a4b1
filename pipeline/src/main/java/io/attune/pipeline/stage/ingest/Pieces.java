package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.input.FileLayout;
import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.input.RecordReader;
import io.attune.pipeline.input.range.JsonCuts;
import io.attune.pipeline.input.range.RowCuts;
import io.attune.pipeline.input.stream.Compression;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/** Cuts large files of JSON Lines, CSV and TSV into pieces for several tasks. */
final class Pieces {
  private static final Set<Format> CUT = Set.of(Format.JSONL, Format.CSV, Format.TSV);

  private Pieces() {}

  /**
   * Returns the pieces of all files, those of one file in order. Where those of CSV begin is likely
   * and not certain: {@link PieceChain} finds out.
   */
  static List<Piece> of(
      Map<String, Corpus> corpora, List<InputFile> files, long size, Configuration hadoop) {
    List<Piece> pieces = new ArrayList<>();
    for (InputFile file : files) {
      Corpus corpus = corpora.get(file.corpus());
      if (CUT.contains(corpus.format().of(file.path())) && file.bytes() > size) {
        pieces.addAll(cut(corpus, file, size, hadoop));
      } else {
        pieces.add(Piece.whole(file));
      }
    }
    return pieces;
  }

  private static List<Piece> cut(Corpus corpus, InputFile file, long size, Configuration hadoop) {
    try (RecordReader reader = RecordReader.open(corpus.layout(), file.path(), hadoop)) {
      if (reader.compression() != Compression.NONE || !reader.encoding().hasLineEndsOfOneByte()) {
        return List.of(Piece.whole(file));
      }
      RecordReader.Head head = reader.head().orElse(null);
      String encoding = reader.encoding().charset().name();
      FileLayout layout =
          corpus.layout().withFormat(corpus.format().of(file.path())).withEncoding(encoding);
      List<Long> cuts =
          head == null
              ? JsonCuts.of(file.path(), file.bytes(), size, hadoop)
              : new RowCuts(layout, head).of(file.path(), file.bytes(), size, hadoop);
      List<Piece> pieces = new ArrayList<>();
      for (int i = 1; i < cuts.size(); i++) {
        RecordReader.Range range = new RecordReader.Range(cuts.get(i - 1), cuts.get(i), 0, head);
        pieces.add(new Piece(file, range, encoding));
      }
      return pieces;
    } catch (IOException | RuntimeException e) {
      throw Unreadable.failure(file, e);
    }
  }
}
