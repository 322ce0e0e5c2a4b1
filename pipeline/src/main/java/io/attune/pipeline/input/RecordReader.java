package io.attune.pipeline.input;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Reads the records of one text file, one at a time; bytes that are not characters of the encoding
 * become U+FFFD, which {@code clean} counts. Closes its file at the end of the iteration.
 */
public abstract class RecordReader implements Iterator<RawRecord>, Closeable {
  private RawRecord next;
  private boolean ended;

  /** Reads the next record; null at the end. */
  abstract RawRecord read() throws IOException;

  /**
   * Returns the column names, where the file has them before its records; empty where each record
   * has them.
   */
  public List<String> header() {
    return List.of();
  }

  /**
   * Opens a text file.
   *
   * @param layout of the file; not of a columnar format
   */
  public static RecordReader open(FileLayout layout, String file, Configuration hadoop)
      throws IOException {
    Format format = layout.format().of(file);
    return switch (format) {
      case JSONL -> new JsonLines(text(layout, file, hadoop));
      case TSV -> new Tsv(text(layout, file, hadoop), layout.delimiterOf(format));
      case CSV -> new Csv(text(layout, file, hadoop), layout.delimiterOf(format));
      case TEXT_FOLDERS -> new WholeText(text(layout, file, hadoop), new Path(file));
      case PARQUET, ORC, AVRO, XML, AUTO ->
          throw new IllegalArgumentException(format + " is not a text format");
    };
  }

  @Override
  public final boolean hasNext() {
    if (next == null && !ended) {
      try {
        next = read();
        if (next == null) {
          ended = true;
          close();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return next != null;
  }

  @Override
  public final RawRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    RawRecord record = next;
    next = null;
    return record;
  }

  private static BufferedReader text(FileLayout layout, String file, Configuration hadoop)
      throws IOException {
    Path path = new Path(file);
    var bytes = path.getFileSystem(hadoop).open(path);
    try {
      var plain = file.endsWith(".gz") ? new GZIPInputStream(bytes, 1 << 16) : bytes;
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(plain, Charset.forName(layout.encoding())), 1 << 16);
      skipByteOrderMark(reader);
      return reader;
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  private static void skipByteOrderMark(Reader reader) throws IOException {
    reader.mark(1);
    if (reader.read() != '\uFEFF') {
      reader.reset();
    }
  }

  private static final class JsonLines extends RecordReader {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private final BufferedReader in;
    private long line;

    JsonLines(BufferedReader in) {
      this.in = in;
    }

    @Override
    RawRecord read() throws IOException {
      String text = in.readLine();
      line++;
      while (text != null && text.isBlank()) {
        text = in.readLine();
        line++;
      }
      return text == null ? null : parse(text);
    }

    private RawRecord parse(String text) {
      try {
        JsonNode node = MAPPER.readTree(text);
        if (!node.isObject()) {
          return RawRecord.malformed(line, text, "the line is JSON, but not an object");
        }
        Map<String, String> fields = new HashMap<>();
        node.fields()
            .forEachRemaining(
                field -> {
                  JsonNode value = field.getValue();
                  String string = value.isValueNode() ? value.asText() : value.toString();
                  if (!value.isNull() && !string.isEmpty()) {
                    fields.put(field.getKey(), string);
                  }
                });
        return RawRecord.of(line, fields, text);
      } catch (JsonProcessingException e) {
        return RawRecord.malformed(line, text, "the line is not JSON: " + e.getOriginalMessage());
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /** Reads text with a header, and turns rows of values into records. */
  private abstract static class Separated extends RecordReader {
    final char delimiter;
    List<String> header = List.of();

    Separated(char delimiter) {
      this.delimiter = delimiter;
    }

    @Override
    public final List<String> header() {
      return header;
    }

    final RawRecord record(long line, String[] values, String raw) {
      if (values.length != header.size()) {
        return RawRecord.malformed(
            line,
            raw,
            "the header has %d columns, the record %d".formatted(header.size(), values.length));
      }
      Map<String, String> fields = new HashMap<>();
      for (int i = 0; i < values.length; i++) {
        if (values[i] != null && !values[i].isEmpty()) {
          fields.put(header.get(i), values[i]);
        }
      }
      return RawRecord.of(line, fields, raw);
    }
  }

  private static final class Tsv extends Separated {
    private final BufferedReader in;
    private final String separator;
    private long line = 1;

    Tsv(BufferedReader in, char delimiter) throws IOException {
      super(delimiter);
      this.in = in;
      this.separator = java.util.regex.Pattern.quote(String.valueOf(delimiter));
      String first = in.readLine();
      header = first == null ? List.of() : List.of(first.split(separator, -1));
    }

    @Override
    RawRecord read() throws IOException {
      String text = in.readLine();
      line++;
      while (text != null && text.isBlank()) {
        text = in.readLine();
        line++;
      }
      return text == null ? null : record(line, text.split(separator, -1), text);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  private static final class Csv extends Separated {
    private final CsvParser parser;
    private final BufferedReader in;

    Csv(BufferedReader in, char delimiter) {
      super(delimiter);
      this.in = in;
      CsvParserSettings settings = new CsvParserSettings();
      settings.getFormat().setDelimiter(delimiter);
      settings.setNormalizeLineEndingsWithinQuotes(true);
      settings.setMaxCharsPerColumn(-1);
      settings.setMaxColumns(10_000);
      settings.setReadInputOnSeparateThread(false);
      this.parser = new CsvParser(settings);
      parser.beginParsing(in);
      String[] first = parser.parseNext();
      header = first == null ? List.of() : Arrays.stream(first).map(Csv::orEmpty).toList();
    }

    @Override
    RawRecord read() {
      // The parser's current line, counted from 0, is the one on which the record begins.
      long line = parser.getContext().currentLine() + 1;
      try {
        String[] values = parser.parseNext();
        return values == null
            ? null
            : record(line, values, String.join(String.valueOf(delimiter), orEmpty(values)));
      } catch (TextParsingException e) {
        return RawRecord.malformed(line, "", "the record cannot be parsed: " + e.getMessage());
      }
    }

    private static List<String> orEmpty(String[] values) {
      return Arrays.stream(values).map(Csv::orEmpty).toList();
    }

    private static String orEmpty(String value) {
      return value == null ? "" : value;
    }

    @Override
    public void close() throws IOException {
      parser.stopParsing();
      in.close();
    }
  }

  /** Reads a file as one document; its columns are {@code id}, {@code folder} and {@code text}. */
  private static final class WholeText extends RecordReader {
    private final BufferedReader in;
    private final Path file;
    private boolean done;

    WholeText(BufferedReader in, Path file) {
      this.in = in;
      this.file = file;
    }

    @Override
    public List<String> header() {
      return List.of("id", "folder", "text");
    }

    @Override
    RawRecord read() throws IOException {
      if (done) {
        return null;
      }
      done = true;
      StringBuilder text = new StringBuilder();
      char[] buffer = new char[1 << 13];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        text.append(buffer, 0, read);
      }
      String folder = file.getParent().getName();
      Map<String, String> fields = new HashMap<>();
      fields.put("id", folder + "/" + file.getName());
      fields.put("folder", folder);
      if (!text.toString().isBlank()) {
        fields.put("text", text.toString());
      }
      return RawRecord.of(1, fields, text.toString());
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
