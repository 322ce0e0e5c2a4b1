package io.attune.pipeline.input.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BinaryFileTest {
  @ParameterizedTest
  @CsvSource({
    "504152311504, PARQUET",
    "4F52430A0B00, ORC",
    "4F626A0104, AVRO",
    "D0CF11E0A1B11AE1, OLD_OFFICE",
    "255044462D312E37, PDF",
    "7B5C727466, RTF",
    "53514C69746520666F726D6174203300, SQLITE",
    "4152524F57310000, ARROW",
    "894844460D0A1A0A, HDF5",
    "80049516, PICKLE",
    "934E554D5059, NUMPY",
    "377ABCAF271C, ARCHIVE",
    "526172211A07, ARCHIVE",
    "04224D18, LZ4",
    "FF060000734E61507059, SNAPPY",
    "53455106, SEQUENCE_FILE",
  })
  void firstBytesTellTheKind(String hex, BinaryFile kind) {
    byte[] head = new byte[hex.length() / 2];
    for (int i = 0; i < head.length; i++) {
      head[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
    }

    assertThat(BinaryFile.of(head, "any.csv")).contains(kind);
    assertThat(kind.said()).startsWith("is ").contains(": ");
  }

  @ParameterizedTest
  @CsvSource({
    "any.csv, xl/workbook.xml, EXCEL",
    "a.xlsx, [Content_Types].xml, EXCEL",
    "any, word/document.xml, WORD",
    "a.ods, content.xml, OPEN_DOCUMENT",
    "a.csv.zip, a.csv, ZIP",
  })
  void archivesAreToldByWhatIsInThem(String name, String entry, BinaryFile kind)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(entry));
    }

    assertThat(BinaryFile.of(bytes.toByteArray(), name)).contains(kind);
  }

  @Test
  void tarIsToldByItsMark() {
    byte[] head = new byte[512];
    Arrays.fill(head, 0, 100, (byte) 'a');
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, head, 257, 5);

    assertThat(BinaryFile.of(head, "a.tar")).contains(BinaryFile.TAR);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ORCHARD,apple\n1,2\n", "PARTS,label\n", "SEQUEL,b\n", "{\"a\": 1}", ""})
  void wordsThatBeginLikeAMarkAreText(String text) {
    assertThat(BinaryFile.of(text.getBytes(StandardCharsets.UTF_8), "a.csv"))
        .isEqualTo(Optional.empty());
  }
}
