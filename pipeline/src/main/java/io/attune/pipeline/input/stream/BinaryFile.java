package io.attune.pipeline.input.stream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** Names files that are no text, as their first bytes say, and what to do with them. */
public enum BinaryFile {
  PARQUET("a Parquet file", "name it .parquet, or set the corpus's format to parquet"),
  ORC("an ORC file", "name it .orc, or set the corpus's format to orc"),
  PACKED_COLUMNS(
      "a Parquet or ORC file that was compressed as a whole",
      "unpack it (gzip -d, zstd -d): its columns are compressed inside it"),
  AVRO("an Avro file", "name it .avro, or set the corpus's format to avro"),
  EXCEL("an Excel workbook", "save its sheet as CSV (CSV UTF-8 in Excel)"),
  OLD_OFFICE("an Excel or Word file of Office 97", "save its sheet as CSV (CSV UTF-8 in Excel)"),
  OPEN_DOCUMENT("a file of LibreOffice or OpenOffice", "save its sheet as CSV"),
  WORD("a Word document", "save it as plain text, one document a file, or its table as CSV"),
  ZIP("a ZIP archive", "unpack it, and give the files inside"),
  TAR("a tar archive", "unpack it, and give the folder"),
  ARCHIVE("an archive of 7-Zip or RAR", "unpack it, and give the files inside"),
  LZ4("compressed with LZ4", "unpack it, or compress it with gzip or zstd"),
  SNAPPY("compressed with Snappy", "unpack it, or compress it with gzip or zstd"),
  PDF("a PDF", "extract its text, and give that as text files or CSV"),
  RTF("a document in RTF", "save it as plain text, or its table as CSV"),
  SQLITE("an SQLite database", "export the table as CSV"),
  ARROW("an Arrow or Feather file", "write the table as Parquet"),
  HDF5("an HDF5 file", "write the table as Parquet or CSV"),
  PICKLE("a Python pickle", "write the table as Parquet or CSV"),
  NUMPY("a NumPy array", "write the texts as JSON Lines or CSV"),
  SEQUENCE_FILE("a Hadoop sequence file", "write its records as Parquet or JSON Lines");

  private static final int HEAD = 4096;
  private static final int TAR_MARK = 257;

  private final String words;
  private final String advice;

  BinaryFile(String words, String advice) {
    this.words = words;
    this.advice = advice;
  }

  /** Returns what it is and what to do, to stand behind the file's name. */
  public String said() {
    return "is %s: %s".formatted(words, advice);
  }

  /**
   * Looks at the first decompressed bytes of a file.
   *
   * @throws IOException if it is not there or breaks off within them
   */
  public static Optional<BinaryFile> at(String file, Configuration hadoop) throws IOException {
    try (FileBytes bytes = FileBytes.open(file, hadoop)) {
      Optional<BinaryFile> found = of(bytes.readNBytes(HEAD), Compression.plainName(file));
      boolean hasColumns = found.filter(f -> f == PARQUET || f == ORC).isPresent();
      return hasColumns && bytes.compression() != Compression.NONE
          ? Optional.of(PACKED_COLUMNS)
          : found;
    }
  }

  /**
   * Tells what bytes are the start of; empty if they may be text.
   *
   * @param name of the file; says which kind of ZIP archive it is
   */
  static Optional<BinaryFile> of(byte[] head, String name) {
    String start = new String(head, StandardCharsets.ISO_8859_1);
    if (start.startsWith("PK\u0003\u0004") || start.startsWith("PK\u0005\u0006")) {
      return Optional.of(zip(start, name.toLowerCase(Locale.ROOT)));
    } else if (start.startsWith("\u00D0\u00CF\u0011\u00E0\u00A1\u00B1\u001A\u00E1")) {
      return Optional.of(OLD_OFFICE);
    } else if (start.startsWith("PAR1")) {
      return Optional.of(PARQUET);
    } else if (start.startsWith("ORC") && hasControl(start, 3)) {
      return Optional.of(ORC);
    } else if (start.startsWith("Obj\u0001")) {
      return Optional.of(AVRO);
    } else if (start.startsWith("%PDF-")) {
      return Optional.of(PDF);
    } else if (start.startsWith("{\\rtf")) {
      return Optional.of(RTF);
    } else if (start.startsWith("SQLite format 3\0")) {
      return Optional.of(SQLITE);
    } else if (start.startsWith("ARROW1") || start.startsWith("FEA1")) {
      return Optional.of(ARROW);
    } else if (start.startsWith("\u0089HDF\r\n")) {
      return Optional.of(HDF5);
    } else if (start.startsWith("\u0093NUMPY")) {
      return Optional.of(NUMPY);
    } else if (start.startsWith("7z\u00BC\u00AF'\u001C") || start.startsWith("Rar!\u001A")) {
      return Optional.of(ARCHIVE);
    } else if (start.startsWith("\u0004\"M\u0018")) {
      return Optional.of(LZ4);
    } else if (start.startsWith("\u00FF\u0006\0\0sNaPpY")) {
      return Optional.of(SNAPPY);
    } else if (start.startsWith("SEQ") && start.length() > 3 && start.charAt(3) <= 6) {
      return Optional.of(SEQUENCE_FILE);
    } else if (start.startsWith("ustar", TAR_MARK)) {
      return Optional.of(TAR);
    }
    return isPickle(start) ? Optional.of(PICKLE) : Optional.empty();
  }

  private static BinaryFile zip(String start, String name) {
    boolean isOpen = start.contains("mimetypeapplication/vnd.oasis");
    if (isOpen || name.endsWith(".ods")) {
      return OPEN_DOCUMENT;
    } else if (name.matches(".*\\.xls[xmb]?") || start.contains("xl/")) {
      return EXCEL;
    } else if (name.endsWith(".docx") || start.contains("word/")) {
      return WORD;
    }
    return ZIP;
  }

  /** Returns whether a character that no text has follows soon: words may begin like a mark. */
  private static boolean hasControl(String start, int from) {
    for (int i = from; i < Math.min(start.length(), 64); i++) {
      char c = start.charAt(i);
      if (c < ' ' && c != '\t' && c != '\n' && c != '\r') {
        return true;
      }
    }
    return false;
  }

  /** A pickle names its version, 2 to 5, behind a byte that no text in UTF-8 begins with. */
  private static boolean isPickle(String start) {
    return start.length() > 2
        && start.charAt(0) == 0x80
        && start.charAt(1) >= 2
        && start.charAt(1) <= 5;
  }
}
