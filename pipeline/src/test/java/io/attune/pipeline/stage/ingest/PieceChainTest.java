package io.attune.pipeline.stage.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.input.RawRecord;
import io.attune.pipeline.input.RecordReader;
import io.attune.pipeline.input.Records;
import io.attune.schemas.failure.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compares what the pieces of a file hold with what one reader finds in all of it. */
class PieceChainTest {
  private static final Configuration HADOOP = new Configuration();
  private static final String LONG = "long ".repeat(90);
  private static final String CHINESE = "环境好";

  /** Says how a file is written and read. */
  record Dialect(
      Format format,
      String quote,
      String escape,
      boolean header,
      int skipLines,
      String encoding,
      boolean hasMark) {
    Corpus corpus() {
      Corpus.Columns columns =
          new Corpus.Columns("1", null, "2", null, null, null, Map.of(), List.of());
      return new Corpus(
          "c", "in", format, null, encoding, null, null, null, columns, null, quote, escape, header,
          skipLines, 1000, null);
    }
  }

  private Path file;

  @Provide
  Arbitrary<String> parts() {
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(
            6,
            Arbitraries.of(
                "1,fine,a\n",
                "2,\"two\nlines\",b\n",
                "3,\"a \"\"word\"\"\",a\r\n",
                "4,\"x\n5,y,b\n6,z,a\n\",b\n",
                "7\tgood\ta\n",
                "'8','it''s',a\n",
                "9,\"say \\\"no\\\", go\",a\n")),
        net.jqwik.api.Tuple.of(
            4,
            Arbitraries.of(
                "\"",
                "\"",
                "\"\"",
                "\"\"\"",
                ",",
                ",\"",
                "\",",
                "\n",
                "\r\n",
                "\r",
                "\\",
                "'",
                "\t",
                " ",
                "a",
                "\n\n",
                "   \n",
                ",,\n",
                "12,\"open,b\n",
                "13,\"\"x,y,z\n",
                "14,x\"\",b\n",
                "15,\"\"\"x\n",
                "\uFEFF",
                CHINESE,
                "\uFFFF",
                "\0",
                "id,text,label\n",
                LONG)));
  }

  @Provide
  Arbitrary<Dialect> dialects() {
    return Combinators.combine(
            Arbitraries.of(Format.CSV, Format.CSV, Format.CSV, Format.TSV),
            Arbitraries.of("\"", "\"", "'", "").injectNull(0.4),
            Arbitraries.of("\\").injectNull(0.7),
            Arbitraries.of(true, false),
            Arbitraries.of(0, 0, 2),
            Arbitraries.of("UTF-8", "UTF-8", "windows-1252"),
            Arbitraries.of(true, false))
        .as(Dialect::new);
  }

  @BeforeEach
  void create() throws IOException {
    file = Files.createTempFile("pieces", ".csv");
  }

  @AfterEach
  void delete() throws IOException {
    Files.deleteIfExists(file);
  }

  @Property(tries = 2000)
  void piecesHoldTheRecordsOfTheFileWhereverItIsCut(
      @ForAll @Size(max = 60) List<@From("parts") String> parts,
      @ForAll("dialects") Dialect dialect,
      @ForAll @Size(max = 12) List<@IntRange(max = 10_000) Integer> places)
      throws IOException {
    create();
    try {
      write(dialect, String.join("", parts));
      Corpus corpus = dialect.corpus();
      List<RawRecord> expected;
      RecordReader.Head head;
      try (RecordReader reader = RecordReader.open(corpus.layout(), file.toString(), HADOOP)) {
        head = reader.head().orElseThrow();
        expected = all(reader);
      } catch (Failure.BadInput e) {
        return;
      }

      List<Piece> pieces = new PieceChain(of(corpus)).of(cut(dialect, head, places));

      assertThat(read(corpus, pieces)).isEqualTo(expected);
      assertThat(pieces.get(0).from()).isZero();
      assertThat(pieces.get(pieces.size() - 1).to()).isEqualTo(Files.size(file));
    } finally {
      delete();
    }
  }

  @Test
  void linesWithinQuotesThatAreLikeRowsAreNoCuts() throws IOException {
    StringBuilder rows = new StringBuilder("id,text,label\n");
    for (int i = 0; i < 2000; i++) {
      rows.append(i).append(i % 7 == 0 ? ",\"good\n1,bad\nlines, all\",a\n" : ",plain,b\n");
    }
    Corpus corpus = write(new Dialect(Format.CSV, null, null, true, 0, "UTF-8", false), rows);
    List<Integer> rounds = new ArrayList<>();
    PieceChain.Measure measure = of(corpus);
    PieceChain chain =
        new PieceChain(
            pieces -> {
              rounds.add(pieces.size());
              return measure.of(pieces);
            });

    List<Piece> pieces = chain.of(Pieces.of(Map.of("c", corpus), List.of(input()), 1000, HADOOP));

    assertThat(pieces).hasSizeGreaterThan(20);
    assertThat(rounds).as("pieces that were read in each round").hasSize(1);
    assertThat(chain.warnings()).isEmpty();
    assertThat(read(corpus, pieces)).hasSize(2000).allMatch(record -> record.fault() == null);
  }

  @Test
  void fileOfWhichNoCutFitsIsReadByOneTaskAndTheWarningSaysSo() throws IOException {
    write(new Dialect(Format.CSV, null, null, true, 0, "UTF-8", false), "1,a,b\n".repeat(2000));
    // As if each ended behind the next cut, at a place that depends on where it began.
    PieceChain chain =
        new PieceChain(
            pieces ->
                pieces.stream()
                    .map(piece -> new RecordReader.End(piece.to() + 1 + piece.from() % 13, 1))
                    .toList());
    List<Piece> cut = new ArrayList<>();
    Piece any = new Piece(input(), new RecordReader.Range(0, 1, 0, null), "UTF-8");
    for (long from = 0; from < Files.size(file); from += 100) {
      cut.add(any.between(from, Math.min(Files.size(file), from + 100)));
    }

    List<Piece> pieces = chain.of(cut);

    assertThat(pieces).hasSizeLessThan(40);
    assertThat(pieces.get(pieces.size() - 1).to()).isEqualTo(Files.size(file));
    assertThat(chain.warnings())
        .singleElement()
        .asString()
        .contains(file.getFileName().toString(), "is read by one task from byte", "corpora.quote");
  }

  @Test
  void compressedFilesAndThoseOfWideCharactersAreNotCut() throws IOException {
    Corpus wide =
        write(
            new Dialect(Format.CSV, null, null, true, 0, "UTF-16LE", false),
            "id,text,label\n" + "1,a,b\n".repeat(2000));

    assertThat(Pieces.of(Map.of("c", wide), List.of(input()), 1000, HADOOP))
        .singleElement()
        .matches(Piece::isWhole);
  }

  private Corpus write(Dialect dialect, CharSequence text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (dialect.hasMark() && dialect.encoding().equals("UTF-8")) {
      bytes.write("\uFEFF".getBytes(StandardCharsets.UTF_8));
    }
    // Stands for a byte that is no character.
    String[] parts = text.toString().split("\uFFFF", -1);
    for (int i = 0; i < parts.length; i++) {
      bytes.write(parts[i].getBytes(Charset.forName(dialect.encoding())));
      bytes.write(i + 1 < parts.length ? new byte[] {(byte) 0x81} : new byte[0]);
    }
    Files.write(file, bytes.toByteArray());
    return dialect.corpus();
  }

  private InputFile input() throws IOException {
    return new InputFile(
        "c", file.toString(), null, Files.size(file), Files.getLastModifiedTime(file).toMillis());
  }

  private static PieceChain.Measure of(Corpus corpus) {
    return pieces ->
        pieces.stream()
            .map(
                piece -> {
                  try {
                    return piece.end(corpus, HADOOP);
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                })
            .toList();
  }

  private List<Piece> cut(Dialect dialect, RecordReader.Head head, List<Integer> places)
      throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    List<Integer> lines = new ArrayList<>();
    for (int i = 0; i + 1 < bytes.length; i++) {
      if (bytes[i] == head.lineEnd()) {
        lines.add(i + 1);
      }
    }
    TreeSet<Integer> cuts = new TreeSet<>(List.of(bytes.length));
    if (!lines.isEmpty()) {
      places.forEach(place -> cuts.add(lines.get(place % lines.size())));
    }
    List<Piece> pieces = new ArrayList<>();
    long from = 0;
    for (int cut : cuts) {
      RecordReader.Range range = new RecordReader.Range(from, cut, 0, head);
      pieces.add(new Piece(input(), range, dialect.encoding()));
      from = cut;
    }
    return pieces;
  }

  private static List<RawRecord> read(Corpus corpus, List<Piece> pieces) throws IOException {
    List<RawRecord> records = new ArrayList<>();
    for (Piece piece : pieces) {
      try (Records reader = piece.open(corpus, HADOOP)) {
        records.addAll(all(reader));
      }
    }
    return records;
  }

  private static List<RawRecord> all(java.util.Iterator<RawRecord> reader) {
    List<RawRecord> records = new ArrayList<>();
    reader.forEachRemaining(records::add);
    return records;
  }
}
