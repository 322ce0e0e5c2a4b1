package io.attune.pipeline.input;

import io.attune.pipeline.input.stream.BinaryFile;
import io.attune.pipeline.input.stream.Compression;
import io.attune.pipeline.input.stream.TextEncoding;
import io.attune.pipeline.input.stream.TextFile;
import io.attune.pipeline.input.stream.TextWindow;
import io.attune.pipeline.input.xml.XmlOutline;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/**
 * Holds records from the whole of a file that nothing is known about yet, for writing a
 * configuration.
 *
 * @param layout that fits the file best; its format and its encoding are known
 * @param columns in the order in which they appear; the values in a nested one by their path, such
 *     as {@code user.name}, after it
 * @param records a random sample over the whole file, in its order, the same each time; value by
 *     column, empty values left out
 * @param values by column, counted over every record that was read
 * @param read records that were read, those with a fault among them
 * @param faulty records among them that are malformed
 * @param faults the first of these, with their lines
 * @param whole whether the whole file was read; else parts of it, as a remark says
 * @param remarks what was found out about the file, with the next-best guess where there was doubt;
 *     sentences for a person
 * @param record of XML, the name of the elements that are records; null for other formats
 */
public record Sample(
    FileLayout layout,
    List<String> columns,
    List<Map<String, String>> records,
    Map<String, ColumnValues> values,
    long read,
    long faulty,
    List<RawRecord> faults,
    boolean whole,
    List<String> remarks,
    String record) {
  /** Characters from the start of a file that say how it is laid out. */
  private static final int HEAD = 1 << 20;

  /** Bytes of a file from which on parts of it are read, if it is not compressed. */
  private static final long LARGE = 1L << 30;

  private static final int PART_BYTES = 1 << 24;
  private static final int PARTS = 64;

  public Sample {
    columns = List.copyOf(columns);
    records = List.copyOf(records);
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    faults = List.copyOf(faults);
    remarks = List.copyOf(remarks);
  }

  /**
   * Reads a file, and keeps at most {@code limit} of its records.
   *
   * @param file text, Avro or XML
   * @throws Failure.BadInput if there is no such file, it breaks off, or holds no records in a
   *     format that is read
   */
  public static Sample of(String file, Configuration hadoop, int limit) {
    try {
      Optional<BinaryFile> binary = BinaryFile.at(file, hadoop);
      if (binary.equals(Optional.of(BinaryFile.AVRO))) {
        return ofAvro(file, hadoop, limit);
      } else if (binary.isPresent()) {
        throw new Failure.BadInput("'%s' %s", file, binary.get().said());
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    Head head = Head.of(file, hadoop);
    return head.text().stripLeading().startsWith("<")
        ? ofMarkup(file, head, hadoop, limit)
        : ofText(file, head, hadoop, limit);
  }

  /**
   * Keeps at most {@code limit} of the records of a file that is open.
   *
   * @param layout its format
   * @param remarks on it
   */
  public static Sample of(FileLayout layout, Records records, int limit, List<String> remarks) {
    SampleScan scan = new SampleScan(limit);
    boolean whole = scan.read(records.header(), records, () -> 0);
    List<String> all = new ArrayList<>(remarks);
    if (!whole) {
      all.add("only the first %,d records were read".formatted(scan.read()));
    }
    return scan.sample(layout, whole, all);
  }

  private static Sample ofAvro(String file, Configuration hadoop, int limit) throws IOException {
    List<String> header;
    try (Records schema = AvroReader.open(file, Set.of(), hadoop)) {
      header = schema.header();
    }
    try (Records records = AvroReader.open(file, new LinkedHashSet<>(header), hadoop)) {
      return of(FileLayout.of(Format.AVRO), records, limit, named(file, Format.AVRO));
    }
  }

  /** Reads XML; what only begins like it is text, unless it is a page or SGML. */
  private static Sample ofMarkup(String file, Head head, Configuration hadoop, int limit) {
    XmlOutline outline = XmlOutline.of(head.text());
    boolean isXml = outline.fault().isEmpty() || (outline.isCut() && !head.isWhole());
    if (outline.record().isPresent() && isXml) {
      String element = outline.record().get();
      Set<String> columns = new LinkedHashSet<>(outline.columns());
      try (Records records = XmlReader.open(file, element, columns, hadoop)) {
        List<String> remarks = new ArrayList<>(named(file, Format.XML));
        remarks.add("records are the elements <%s> (record: %s)".formatted(element, element));
        return of(FileLayout.of(Format.XML), records, limit, remarks).withRecord(element);
      } catch (IOException e) {
        throw unreadable(file, e);
      }
    }
    String start = head.text().stripLeading();
    if (start.matches("(?is)(<!doctype\\s+html|<html[\\s>]).*")) {
      throw new Failure.BadInput(
          "'%s' is a web page (HTML): where it was downloaded from, look for the data itself, or write"
              + " its texts as JSON Lines or CSV",
          file);
    }
    boolean isNamed = Compression.plainName(file).matches(".*\\.(xml|rss|atom|sgml?)");
    if (isNamed || start.matches("(?is)<(\\?xml|!doctype)\\b.*")) {
      throw new Failure.BadInput(
          "'%s' is %s: %s; write its records as JSON Lines, one object a line such as"
              + " {\"title\": \"…\", \"text\": \"…\", \"label\": \"…\"}, or as well-formed XML",
          file,
          start.matches("(?is)<!doctype.*")
              ? "SGML, or no well-formed XML"
              : "no XML that can be read",
          outline.fault().orElse("no element in it repeats, so that none is a record"));
    }
    return ofText(file, head, hadoop, limit);
  }

  private static List<String> named(String file, Format format) {
    return Format.AUTO.known(file).equals(Optional.of(format))
        ? List.of()
        : List.of("format: %s, as its content says; its name does not".formatted(format));
  }

  private Sample withRecord(String element) {
    return new Sample(
        layout, columns, records, values, read, faulty, faults, whole, remarks, element);
  }

  private static Failure.BadInput unreadable(String file, IOException e) {
    return new Failure.BadInput(
        e,
        "Cannot read '%s': %s; correct the path, or bring it again, whole",
        file,
        e.getMessage());
  }

  private static Sample ofText(String file, Head head, Configuration hadoop, int limit) {
    List<String> remarks = new ArrayList<>();
    if (!head.encoding().remark().isEmpty()) {
      remarks.add("encoding: " + head.encoding().remark());
    }
    FileLayout layout =
        FileLayout.of(head.format(file, remarks)).withEncoding(head.encoding().charset().name());
    if (layout.format() != Format.JSONL) {
      try {
        LayoutGuess guess = LayoutGuess.of(layout, head.text());
        layout = guess.layout();
        remarks.addAll(guess.remarks());
      } catch (IOException e) {
        throw new Failure.BadInput(e, "Cannot read '%s': %s", file, e.getMessage());
      }
    }
    SampleScan scan = new SampleScan(limit);
    try (RecordReader reader = reader(file, head, layout, hadoop)) {
      boolean whole = scan.read(reader.header(), reader, reader::storedBytes) && !head.isLarge();
      if (head.isLarge()) {
        remarks.add(
            "%,d parts of %,d MB were read, evenly over the file; the counts are of them"
                .formatted(PARTS, PART_BYTES >> 20));
      } else if (!whole) {
        remarks.add(
            "only the first %,d records were read, %,d MB of the file"
                .formatted(scan.read(), reader.storedBytes() >> 20));
      }
      return scan.sample(layout, whole, remarks);
    } catch (IOException e) {
      throw new Failure.BadInput(e, "Cannot read '%s': %s", file, e.getMessage());
    }
  }

  private static RecordReader reader(
      String file, Head head, FileLayout layout, Configuration hadoop) throws IOException {
    return head.isLarge()
        ? RecordReader.of(
            file,
            layout,
            TextFile.openParts(file, head.encoding().charset(), PART_BYTES, PARTS, hadoop))
        : RecordReader.open(layout, file, hadoop);
  }

  /**
   * Returns this, if it holds a record.
   *
   * @param file whose sample this is
   * @throws Failure.BadInput if it holds none, saying why, or one in which all the others are
   */
  public Sample requireRecords(String file) {
    if (records.isEmpty() && read == 0 && columns.isEmpty()) {
      throw new Failure.BadInput("'%s' is empty; remove it, or fix what writes it", file);
    }
    if (records.isEmpty()) {
      String nothing = columns.isEmpty() ? "" : ", only a header: " + String.join(", ", columns);
      throw new Failure.BadInput(
          "'%s' holds no record that can be read as %s%s",
          file,
          layout.format(),
          faults.isEmpty()
              ? nothing
              : ": in line %d %s".formatted(faults.get(0).line(), faults.get(0).fault()));
    }
    List<String> nested =
        values.entrySet().stream()
            .filter(entry -> entry.getValue().nested() > 0)
            .map(entry -> "'" + entry.getKey() + "'")
            .toList();
    if (layout.format() == Format.JSONL && read == 1 && !nested.isEmpty()) {
      throw new Failure.BadInput(
          "'%s' is one JSON object, and a record is one: write what %s holds as one object a record,"
              + " such as {\"text\": \"…\", \"label\": \"…\"}, one a line",
          file, String.join(", ", nested.subList(0, Math.min(3, nested.size()))));
    }
    return this;
  }

  /** Holds the start of a file. */
  private record Head(String text, TextEncoding encoding, boolean isWhole, boolean isLarge) {
    static Head of(String file, Configuration hadoop) {
      try (TextFile open = TextFile.open(file, null, hadoop)) {
        TextWindow in = open.text();
        int length = 0;
        while (length < HEAD && in.at(length) >= 0) {
          length++;
        }
        Optional<String> binary = TextCheck.binary(in);
        if (binary.isPresent()) {
          throw new Failure.BadInput(
              "'%s' is a binary file: %s; give a text file, or Parquet, ORC or Avro",
              file, binary.get());
        }
        String text = in.text(0, length);
        boolean isWhole = in.at(length) < 0;
        int lastLine = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'));
        return new Head(
            isWhole || lastLine < 0 ? text : text.substring(0, lastLine + 1),
            open.encoding(),
            isWhole,
            open.bytes().compression() == Compression.NONE
                && open.bytes().length() > LARGE
                && !open.encoding().charset().name().matches("UTF-(16|32).*"));
      } catch (IOException e) {
        throw unreadable(file, e);
      }
    }

    /** Tells the format by what the text begins with; its name says which of CSV and TSV. */
    Format format(String file, List<String> remarks) {
      String name = Compression.plainName(file);
      String start = text.stripLeading();
      boolean isJson = start.matches("(?s)(\\[\\s*)?\\{\\s*(\"|\\}).*");
      boolean isNamedJson =
          name.endsWith(".json") || name.endsWith(".jsonl") || name.endsWith(".ndjson");
      if (isJson || isNamedJson) {
        if (!isNamedJson) {
          remarks.add("format: JSON, as its content says; its name does not");
        } else if (start.startsWith("[")) {
          remarks.add("format: the objects stand in a JSON array, which is read as well");
        }
        return Format.JSONL;
      }
      if (name.endsWith(".tsv") || name.endsWith(".tab")) {
        return Format.TSV;
      }
      if (!name.endsWith(".csv")) {
        remarks.add("format: CSV, as its content says; its name does not");
      }
      return Format.CSV;
    }
  }
}
