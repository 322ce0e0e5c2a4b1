package io.attune.pipeline.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.attune.pipeline.input.stream.TextFile;
import io.attune.schemas.failure.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class TextFilesTest {
  private static final String CHINESE = "这本书写得很好，我很喜欢，推荐给大家。这家酒店的服务不好，房间很小";

  @TempDir Path folder;

  private interface Wrapping {
    OutputStream wrap(OutputStream out) throws IOException;
  }

  private static Map<String, Wrapping> compressions() {
    Map<String, Wrapping> compressions = new LinkedHashMap<>();
    compressions.put("gzip", GZIPOutputStream::new);
    compressions.put("bzip2", BZip2CompressorOutputStream::new);
    compressions.put("zstd", out -> new ZstdOutputStream(out).setChecksum(true));
    compressions.put("xz", out -> new XZOutputStream(out, new LZMA2Options(1)));
    return compressions;
  }

  private static byte[] compressed(Wrapping wrapping, byte[] bytes) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (OutputStream out = wrapping.wrap(file)) {
      out.write(bytes);
    }
    return file.toByteArray();
  }

  private static String csv(int rows) {
    SplittableRandom random = new SplittableRandom(7);
    return IntStream.range(0, rows)
        .mapToObj(i -> i + ",text " + Long.toHexString(random.nextLong()) + "\n")
        .collect(Collectors.joining("", "id,text\n", ""));
  }

  private List<RawRecord> read(String name, byte[] bytes, FileLayout layout) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    try (RecordReader reader = RecordReader.open(layout, file.toString(), new Configuration())) {
      List<RawRecord> records = new java.util.ArrayList<>();
      reader.forEachRemaining(records::add);
      assertThat(reader.read()).isEqualTo(records.size());
      assertThat(reader.malformed()).isEqualTo(TextRecords.faulty(records).size());
      assertThat(reader.storedBytes()).isEqualTo(bytes.length);
      return records;
    }
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  @Test
  void compressionIsToldByTheBytesAndEveryMemberIsRead() throws IOException {
    byte[] first = csv(3000).getBytes(StandardCharsets.UTF_8);
    byte[] second = "x,y\n".getBytes(StandardCharsets.UTF_8);
    for (Map.Entry<String, Wrapping> each : compressions().entrySet()) {
      byte[] both = joined(compressed(each.getValue(), first), compressed(each.getValue(), second));

      assertThat(read(each.getKey() + ".csv", both, FileLayout.of(Format.CSV)))
          .as(each.getKey())
          .hasSize(3001);
    }
  }

  @Test
  void compressedFileThatBreaksOffIsRefusedByEveryReader() throws IOException {
    byte[] text = csv(40_000).getBytes(StandardCharsets.UTF_8);
    for (Map.Entry<String, Wrapping> each : compressions().entrySet()) {
      byte[] whole = compressed(each.getValue(), text);
      for (Format format : List.of(Format.CSV, Format.TSV, Format.JSONL, Format.TEXT_FOLDERS)) {
        byte[] cut = Arrays.copyOf(whole, whole.length * 85 / 100);
        assertThatThrownBy(() -> read("cut", cut, FileLayout.of(format)))
            .as("%s, %s", each.getKey(), format)
            .isInstanceOf(Failure.BadInput.class)
            .hasMessageContaining("cut'")
            .hasMessageContaining("it broke off after");
      }
    }
  }

  @Test
  void damageWithinACompressedFileIsRefused() throws IOException {
    byte[] text = csv(20_000).getBytes(StandardCharsets.UTF_8);
    for (Map.Entry<String, Wrapping> each : compressions().entrySet()) {
      byte[] damaged = compressed(each.getValue(), text);
      for (int i = 0; i < 40; i++) {
        damaged[damaged.length / 2 + i] ^= 0x55;
      }
      assertThatThrownBy(() -> read("damaged", damaged, FileLayout.of(Format.CSV)))
          .as(each.getKey())
          .isInstanceOf(Failure.BadInput.class);
    }
  }

  @Test
  void aSmallFileThatBecomesALongLineIsOneReject() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(file)) {
      out.write("id,text\n1,".getBytes(StandardCharsets.UTF_8));
      byte[] block = new byte[1 << 20];
      Arrays.fill(block, (byte) 'x');
      for (int i = 0; i < 200; i++) {
        out.write(block);
      }
      out.write("\n2,fine\n".getBytes(StandardCharsets.UTF_8));
    }

    List<RawRecord> records = read("bomb.csv.gz", file.toByteArray(), FileLayout.of(Format.CSV));

    assertThat(TextRecords.column(records, "text")).containsExactly("fine");
    assertThat(records).hasSize(2);
  }

  @Test
  void encodingsAreFoundWithAndWithoutAMark() throws IOException {
    String rows = (CHINESE + ",good\n").repeat(40);
    Map<String, String> marks =
        Map.of("UTF-16LE", "\uFEFF", "UTF-16BE", "\uFEFF", "UTF-8", "\uFEFF", "UTF-32LE", "\uFEFF");
    for (String name : List.of("UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "GB18030", "Big5")) {
      Charset charset = Charset.forName(name);
      String text =
          "text,label\n" + (name.equals("Big5") ? "這本書寫得很好，我很喜歡它，推薦給大家,good\n".repeat(40) : rows);
      String expected = text.lines().skip(1).findFirst().orElseThrow().replace(",good", "");
      for (String mark : List.of("", marks.getOrDefault(name, ""))) {
        if (mark.isEmpty() && name.equals("UTF-32LE")) {
          continue;
        }
        List<RawRecord> records =
            read("a.csv", (mark + text).getBytes(charset), FileLayout.of(Format.CSV));

        assertThat(TextRecords.column(records, "text")).as(name).hasSize(40).containsOnly(expected);
      }
    }
  }

  @Test
  void latinTextIsReadAsWindows1252AndSaid() throws IOException {
    String text = "text,label\n" + "Très bon café à l’hôtel, où j’ai dîné;good\n".repeat(50);
    byte[] bytes =
        text.replace(", ", " ").replace(";", ",").getBytes(Charset.forName("windows-1252"));
    Path file = Files.write(folder.resolve("a.csv"), bytes);

    Sample sample = Sample.of(file.toString(), new Configuration(), 10);

    assertThat(sample.layout().encoding()).isEqualTo("windows-1252");
    assertThat(sample.remarks().get(0)).contains("not UTF-8; windows-1252 fits");
    assertThat(sample.records().get(0))
        .containsEntry("text", "Très bon café à l’hôtel où j’ai dîné");
  }

  @Test
  void aFewDamagedBytesDoNotChangeTheEncoding() throws IOException {
    byte[] bytes =
        ("text,label\n" + (CHINESE + ",good\n").repeat(40)).getBytes(StandardCharsets.UTF_8);
    bytes[30] = (byte) 0xFF;

    List<RawRecord> records = read("a.csv", bytes, FileLayout.of(Format.CSV));

    assertThat(records.get(0).fields().get("text")).contains("\uFFFD");
    assertThat(records.get(1).fields()).containsEntry("text", CHINESE);
  }

  @Test
  void markWinsOverADeclaredEncoding() throws IOException {
    byte[] bytes = "\uFEFFtext,label\na,b\n".getBytes(StandardCharsets.UTF_16LE);

    List<RawRecord> records = read("a.csv", bytes, FileLayout.of(Format.CSV).withEncoding("UTF-8"));

    assertThat(TextRecords.column(records, "text")).containsExactly("a");
  }

  @Test
  void declaredEncodingThatDoesNotFitIsRefusedWithTheOneThatDoes() throws IOException {
    byte[] bytes = ("text,label\n" + (CHINESE + ",good\n").repeat(40)).getBytes("GB18030");
    Path file = Files.write(folder.resolve("a.csv"), bytes);
    InputFile input = new InputFile("c", file.toString(), null, bytes.length, 0);

    assertThatThrownBy(
            () ->
                RecordReader.openChecked(
                    FileLayout.of(Format.CSV).withEncoding("UTF-8"), input, new Configuration()))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("is not in UTF-8")
        .hasMessageContaining("set corpora.encoding to auto or GB18030");
    try (RecordReader reader =
        RecordReader.openChecked(FileLayout.of(Format.CSV), input, new Configuration())) {
      assertThat(reader.encoding().charset().name()).isEqualTo("GB18030");
    }
  }

  @Test
  void partsOfALargeFileAreWholeLinesFromItsStartToItsEnd() throws IOException {
    Path file = Files.writeString(folder.resolve("a.csv"), csv(20_000));
    TextFile parts =
        TextFile.openParts(file.toString(), StandardCharsets.UTF_8, 1000, 10, new Configuration());

    List<RawRecord> records = new java.util.ArrayList<>();
    try (RecordReader reader = RecordReader.of("a.csv", FileLayout.of(Format.CSV), parts)) {
      reader.forEachRemaining(records::add);
    }

    assertThat(TextRecords.faulty(records)).isEmpty();
    List<Integer> ids = TextRecords.column(records, "id").stream().map(Integer::valueOf).toList();
    assertThat(ids).hasSizeBetween(300, 500).isSorted().startsWith(0);
    assertThat(ids.get(ids.size() - 1)).isGreaterThan(18_000);
  }

  @Test
  void wholeTextsAreNamedByTheirPathBelowTheFolder() throws IOException {
    Files.createDirectories(folder.resolve("in/train/neg"));
    Path file = Files.writeString(folder.resolve("in/train/neg/0_3.txt"), "A text.\nTwo lines.");
    FileLayout layout =
        FileLayout.of(Format.TEXT_FOLDERS).withFolder(folder.resolve("in").toString());

    try (RecordReader reader =
        RecordReader.open(layout, file.toUri().toString(), new Configuration())) {
      assertThat(reader.next().fields())
          .containsEntry("id", "train/neg/0_3.txt")
          .containsEntry("path", "train/neg/0_3.txt")
          .containsEntry("folder", "neg")
          .containsEntry("text", "A text.\nTwo lines.");
    }
  }
}
