package io.attune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Gives bad input to init, and then to a night with what init wrote, unedited: it is accepted, or
 * rejected with a reason, and the night goes on.
 */
class InitBadInputTest {
  private static final List<String> THINGS =
      List.of("lamp", "soup", "coat", "phone", "train", "sofa", "kettle", "camera");

  @TempDir Path folder;
  private final StringWriter err = new StringWriter();

  @Test
  void badRecordsAreRejectedWithTheirReasonAndTheNightGoesOn() throws IOException {
    write("years.csv", "id,text,date,label\n" + rows(60, "%s,2025-01-0%d,%s") + year9999());
    write("deep.jsonl", objects(60) + "{\"x\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}\n");
    write("types.jsonl", changingTypes());
    write("hebrew.csv", rightToLeft());
    write("rare.csv", "id,text,date,label\n" + rows(60, "%s,2025-01-0%d,%s") + "r,Odd one,,odd\n");
    longLine(folder.resolve("long.csv.gz"));
    Files.createDirectories(folder.resolve("twice"));
    write("twice/a.csv", "id,text,date,label\n" + rows(60, "%s,2025-01-0%d,%s"));
    write("twice/b.csv", "id,text,date,label\n7,The second text of seven came late.,,good\n");
    Files.createSymbolicLink(folder.resolve("twice/gone.csv"), folder.resolve("nowhere.csv"));

    assertThat(
            init(
                "years.csv",
                "deep.jsonl",
                "types.jsonl",
                "hebrew.csv",
                "rare.csv",
                "long.csv.gz",
                "twice"))
        .as(err.toString())
        .isZero();
    assertThat(night()).as(() -> err + "\n" + read("t.yaml")).isZero();

    Map<String, JsonNode> files = intake();
    assertThat(files.get("years.csv").at("/reasons").toString()).isEqualTo("{\"bad-date\":1}");
    assertThat(files.get("years.csv").at("/documents").asInt()).isEqualTo(60);
    assertThat(files.get("deep.jsonl").at("/reasons").toString()).isEqualTo("{\"malformed\":1}");
    assertThat(files.get("deep.jsonl").at("/documents").asInt()).isEqualTo(60);
    assertThat(files.get("types.jsonl").at("/documents").asInt()).isEqualTo(60);
    assertThat(files.get("hebrew.csv").at("/documents").asInt()).isEqualTo(60);
    assertThat(files.get("rare.csv").at("/documents").asInt()).isEqualTo(61);
    assertThat(files.get("long.csv.gz").at("/documents").asInt()).isEqualTo(60);
    assertThat(files.get("long.csv.gz").at("/reasons").toString()).isEqualTo("{\"malformed\":1}");
    assertThat(files.get("a.csv").at("/documents").asInt()).isEqualTo(60);
    assertThat(files.get("b.csv").at("/documents").asInt()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("root/runs/t/2026-03-01.1/state.json")))
        .contains("gone.csv' is a link to nothing");
  }

  @Test
  void whatCannotBeReadIsRefusedByName() throws IOException {
    Files.write(folder.resolve("nul.csv"), new byte[100_000]);
    assertThat(init("nul.csv")).isEqualTo(3);
    assertMessage("nul.csv' is a binary file: 8,192 of its first 8,192 characters");

    Files.createSymbolicLink(folder.resolve("link.csv"), folder.resolve("nowhere.csv"));
    assertThat(init("link.csv")).isEqualTo(3);
    assertMessage("link.csv");

    write("book.xlsx", "PK\u0003\u0004\0\0xl/workbook.xml");
    assertThat(init("book.xlsx")).isEqualTo(3);
    assertMessage("book.xlsx' is an Excel workbook: save its sheet as CSV");
  }

  @Test
  void fileThatBecameBinaryAfterInitIsRefusedByTheNight() throws IOException {
    write("a.csv", "id,text,date,label\n" + rows(60, "%s,2025-01-0%d,%s"));
    assertThat(init("a.csv")).as(err.toString()).isZero();
    Files.write(folder.resolve("a.csv"), new byte[100_000]);

    assertThat(night()).isEqualTo(3);
    assertMessage("a.csv' of corpus 't' is a binary file");
  }

  /** Writes rows of id, text, and what a form makes of text, day and label. */
  private static String rows(int count, String form) {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < count; i++) {
      rows.append(i).append(',');
      rows.append(form.formatted(text(i), 1 + i % 9, i % 2 == 0 ? "good" : "bad")).append('\n');
    }
    return rows.toString();
  }

  private static String text(int i) {
    return "The %s of %s %d was %s and then the %s arrived"
        .formatted(
            THINGS.get(i % 8),
            THINGS.get(i / 8 % 8),
            i * 7919,
            i % 2 == 0 ? "fine" : "poor",
            THINGS.get(i * 5 % 8));
  }

  private static String year9999() {
    return "y,A text of the far future,9999-12-31,good\n";
  }

  private static String objects(int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(
          "{\"id\": \"d%d\", \"text\": \"Deep: %s\", \"label\": \"%s\"}\n"
              .formatted(i, text(i), i % 2 == 0 ? "good" : "bad"));
    }
    return lines.toString();
  }

  /** Writes a column of numbers that becomes one of words, objects and lists half-way. */
  private static String changingTypes() {
    String[] later = {"\"none\"", "{\"a\": 1}", "[1, 2]", "true", "null"};
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      lines.append(
          "{\"id\": \"t%d\", \"text\": \"Typed: %s\", \"label\": \"%s\", \"price\": %s}\n"
              .formatted(i, text(i), i % 2 == 0 ? "good" : "bad", i < 30 ? "9.5" : later[i % 5]));
    }
    return lines.toString();
  }

  private static String rightToLeft() {
    StringBuilder rows = new StringBuilder("id,text,date,label\n");
    for (int i = 0; i < 60; i++) {
      rows.append(
          "h%d,המוצר %s הגיע ביום %d והיה %s \u202eמאוד\u202c,2025-01-01,%s%n"
              .formatted(
                  i,
                  THINGS.get(i % 8),
                  i * 31,
                  i % 2 == 0 ? "טוב" : "רע",
                  i % 2 == 0 ? "good" : "bad"));
    }
    return rows.toString();
  }

  /** Writes a small file that becomes a line of 64 MiB when it is decompressed. */
  private static void longLine(Path file) throws IOException {
    byte[] block = new byte[1 << 20];
    Arrays.fill(block, (byte) 'x');
    try (OutputStream bytes = new GZIPOutputStream(Files.newOutputStream(file))) {
      bytes.write(
          ("id,text,date,label\n" + rows(30, "Long: %s,2025-01-0%d,%s"))
              .getBytes(StandardCharsets.UTF_8));
      bytes.write("l,".getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < 64; i++) {
        bytes.write(block);
      }
      String more =
          "\n"
              + rows(60, "Long: %s,2025-01-0%d,%s")
                  .lines()
                  .skip(30)
                  .reduce("", (a, b) -> a + b + "\n");
      bytes.write(more.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(Files.size(file)).isLessThan(1 << 20);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private int init(String... names) {
    String[] head = {"init", "--task", "t", "-o", folder.resolve("t.yaml").toString()};
    Stream<String> files = Stream.of(names).map(name -> folder.resolve(name).toString());
    return attune(Stream.concat(Stream.of(head), files).toArray(String[]::new));
  }

  private int night() throws IOException {
    Files.writeString(
        folder.resolve("t.yaml"),
        """
        spark: {spark.master: "local[2]", spark.sql.shuffle.partitions: "2", spark.ui.enabled: "false"}
        """,
        StandardOpenOption.APPEND);
    return attune(
        "nightly",
        "-c",
        folder.resolve("t.yaml").toString(),
        "--date",
        "2026-03-01",
        "--until",
        "clean",
        "--set",
        "root=" + folder.resolve("root"));
  }

  private int attune(String... arguments) {
    err.getBuffer().setLength(0);
    return Attune.run(
        arguments,
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        new PrintWriter(err, true));
  }

  private void assertMessage(String part) {
    assertThat(err.toString()).contains(part).doesNotContain("at io.attune");
    assertThat(err.toString().lines()).hasSize(1);
  }

  private Map<String, JsonNode> intake() throws IOException {
    Path file = folder.resolve("root/runs/t/2026-03-01.1/intake/intake.json");
    Map<String, JsonNode> files = new HashMap<>();
    for (JsonNode each : new ObjectMapper().readTree(file.toFile()).at("/files")) {
      String path = each.at("/path").asText();
      files.put(path.substring(path.lastIndexOf('/') + 1), each);
    }
    return files;
  }

  private String read(String name) {
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
