package io.attune.pipeline.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.hadoop.conf.Configuration;

/**
 * Damages valid files of known rows, and holds that the rows beside the damage are read: with CSV
 * those that begin three rows behind it, since a quote may join it with its neighbours; else all.
 */
class DamagedFilesTest {
  private static final int BESIDE = 3;

  /** A row of a file, and what is done to it. */
  record Damage(int row, double place, int removed, String inserted) {
    String apply(String row) {
      int at = (int) (place * row.length());
      int behind = Math.min(row.length(), at + removed);
      return row.substring(0, at) + inserted + row.substring(behind);
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "a",
            "word",
            " ",
            ", ",
            "\"",
            "\"said\"",
            "\n",
            "好看",
            "😀",
            "é",
            "{",
            "}",
            "[",
            "\\",
            "'",
            ".")
        .list()
        .ofMinSize(1)
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<Damage> damages() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 1000),
            Arbitraries.doubles().between(0, 0.99),
            Arbitraries.integers().between(0, 4),
            Arbitraries.of(
                "", "\"", ",", "\n", "\"\"", "\0", "{", "}", "[", "\uFFFD", "\\", "\t", "#"))
        .as(Damage::new);
  }

  /** Writes quotes where they are needed, as most writers do. */
  private static String csv(int id, String text) {
    boolean quotes = text.matches("(?s).*[\"\\s,].*");
    String value = quotes ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
    return id + "," + value + ",good\n";
  }

  private static String json(int id, String text) {
    String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return "{\"id\": " + id + ", \"text\": \"" + escaped + "\"}\n";
  }

  private static List<RawRecord> read(FileLayout layout, String text) throws IOException {
    List<RawRecord> records = new ArrayList<>();
    try (RecordReader reader = RecordReader.of(layout, text)) {
      while (reader.hasNext()) {
        records.add(reader.next());
        assertThat(records.size()).isLessThanOrEqualTo(text.length() + 1);
      }
      assertThat(reader.read()).isEqualTo(records.size());
      assertThat(reader.read() - reader.malformed()).isEqualTo(TextRecords.good(records).size());
    }
    return records;
  }

  private static List<RawRecord> readStored(FileLayout layout, String text) throws IOException {
    Path file = Files.createTempFile("damaged", ".jsonl");
    try {
      Files.write(file, text.getBytes(StandardCharsets.UTF_8)); // half a pair becomes ?
      List<RawRecord> records = new ArrayList<>();
      try (RecordReader reader =
          RecordReader.open(layout, file.toString(), new Configuration(false))) {
        reader.forEachRemaining(records::add);
      }
      return records;
    } finally {
      Files.delete(file);
    }
  }

  @Property(tries = 300)
  void validRowsAreReadAsTheyWereWritten(@ForAll @Size(max = 12) List<@From("texts") String> texts)
      throws IOException {
    StringBuilder csv = new StringBuilder("id,text,label\n");
    StringBuilder json = new StringBuilder();
    for (int i = 0; i < texts.size(); i++) {
      csv.append(csv(i, texts.get(i)));
      json.append(json(i, texts.get(i)));
    }

    assertThat(TextRecords.column(read(FileLayout.of(Format.CSV), csv.toString()), "text"))
        .isEqualTo(texts);
    assertThat(TextRecords.column(read(FileLayout.of(Format.JSONL), json.toString()), "text"))
        .isEqualTo(texts);
  }

  @Property(tries = 500, seed = "17")
  void damageOfACsvFileCostsTheRowsBesideItAlone(
      @ForAll @Size(min = 12, max = 20) List<@From("texts") String> texts,
      @ForAll("damages") Damage damage)
      throws IOException {
    int row = damage.row() % texts.size();
    StringBuilder file = new StringBuilder("id,text,label\n");
    for (int i = 0; i < texts.size(); i++) {
      String written = csv(i, texts.get(i));
      file.append(i == row ? damage.apply(written) : written);
    }

    List<RawRecord> records = read(FileLayout.of(Format.CSV), file.toString());

    Set<String> found = new HashSet<>();
    TextRecords.good(records)
        .forEach(record -> found.add(record.fields().get("id") + record.fields().get("text")));
    for (int i = 0; i < texts.size(); i++) {
      if (i < row || i > row + BESIDE) {
        assertThat(found)
            .as("row %d, damage in row %d: %s", i, row, file)
            .contains(i + texts.get(i));
      }
    }
  }

  @Property(tries = 500)
  void damageOfAJsonFileCostsItsLineAlone(
      @ForAll @Size(min = 5, max = 12) List<@From("texts") String> texts,
      @ForAll("damages") Damage damage)
      throws IOException {
    int row = damage.row() % texts.size();
    StringBuilder file = new StringBuilder();
    for (int i = 0; i < texts.size(); i++) {
      String written = json(i, texts.get(i));
      String line = written.substring(0, written.length() - 1);
      file.append(i == row ? damage.apply(line) + "\n" : written);
    }

    List<RawRecord> records = readStored(FileLayout.of(Format.JSONL), file.toString());

    List<String> found = TextRecords.column(records, "text");
    for (int i = 0; i < texts.size(); i++) {
      if (i != row) {
        assertThat(found).as("row %d, damage in row %d: %s", i, row, file).contains(texts.get(i));
      }
    }
  }

  @Example
  void bracketBeforeAnObjectOfALineCostsNoOther() throws IOException {
    for (int damaged = 0; damaged < 3; damaged++) {
      StringBuilder file = new StringBuilder();
      for (int i = 0; i < 3; i++) {
        file.append(i == damaged ? "[" : "").append(json(i, "text"));
      }

      List<RawRecord> records = readStored(FileLayout.of(Format.JSONL), file.toString());

      assertThat(TextRecords.column(records, "id")).contains("0", "1", "2");
      assertThat(TextRecords.faulty(records)).hasSize(1);
    }
  }

  @Property(tries = 300)
  void damageOfATsvFileCostsItsLineAlone(
      @ForAll @Size(min = 5, max = 12) List<@From("texts") String> texts,
      @ForAll("damages") Damage damage)
      throws IOException {
    int row = damage.row() % texts.size();
    StringBuilder file = new StringBuilder("id\ttext\n");
    for (int i = 0; i < texts.size(); i++) {
      String line = i + "\t" + texts.get(i).replace('\n', ' ');
      file.append(i == row ? damage.apply(line) : line).append('\n');
    }

    List<RawRecord> records = read(FileLayout.of(Format.TSV), file.toString());

    List<String> found = TextRecords.column(records, "text");
    for (int i = 0; i < texts.size(); i++) {
      if (i != row) {
        assertThat(found).contains(texts.get(i).replace('\n', ' '));
      }
    }
  }

  @Property(tries = 200)
  void anyBytesAreReadToTheirEndOrRefused(
      @ForAll byte[] bytes, @ForAll @IntRange(max = 3) int format) throws IOException {
    Format chosen = List.of(Format.CSV, Format.TSV, Format.JSONL, Format.TEXT_FOLDERS).get(format);
    Path file = Files.createTempFile("bytes", ".txt");
    try {
      Files.write(file, joined("id,text\n".getBytes(StandardCharsets.UTF_8), bytes));
      try (RecordReader reader =
          RecordReader.open(FileLayout.of(chosen), file.toString(), new Configuration(false))) {
        while (reader.hasNext()) {
          reader.next();
          assertThat(reader.read()).isLessThanOrEqualTo(bytes.length + 10);
        }
        assertThat(reader.storedBytes()).isEqualTo(Files.size(file));
      } catch (Failure.BadInput e) {
        assertThat(e).hasMessageContaining(file.getFileName().toString());
      }
    } finally {
      Files.delete(file);
    }
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] both = java.util.Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }
}
