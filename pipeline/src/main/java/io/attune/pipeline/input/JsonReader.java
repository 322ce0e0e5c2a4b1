package io.attune.pipeline.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.attune.pipeline.input.stream.TextWindow;
import io.attune.pipeline.input.stream.WindowReader;
import java.io.IOException;
import java.io.StringWriter;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads JSON objects: one a line, several a line, one over several lines, or all in an array.
 * Behind an error it goes on where the next object begins: at the next line, or on the same line if
 * the file has several objects on one.
 */
final class JsonReader extends RecordReader {
  private static final int MAX_DEPTH = 500;

  static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** Characters that are looked at again at most; what is longer is passed over for good. */
  private static final int KEPT = 1 << 16;

  private static final int MAX_KEY = 200;

  private final TextWindow in;
  private final int maxCharacters;
  private long line;

  /** Position at which the line of the next character begins. */
  private long lineStart;

  private int openArrays;
  private long arrayLine;
  private boolean mayBeSeparated;
  private long lineOfLast;
  private boolean severalOnALine;
  private String firstKey;
  private boolean atEnd;

  /** Holds the last character that is no space: it tells a file that was cut off. */
  private int last;

  /** Says that a stored file is read, not a text from its start. */
  private final boolean isStored;

  private boolean hasBegun;

  /**
   * Says that all so far is an array: nothing stands before it, and commas between its objects.
   * Elsewhere a bracket is a slip of one line.
   */
  private boolean isArray;

  JsonReader(Source source) {
    super(source);
    this.in = text();
    this.maxCharacters = source.layout().maxRecordCharacters();
    this.line = 1 + source.part().linesBefore();
    this.lineStart = in.position();
    this.isStored = source.text().bytes() != null;
  }

  @Override
  RawRecord readNext() throws IOException {
    while (true) {
      int c = skipSpace();
      if (c < 0) {
        return end();
      } else if (c == '[' && opensArray()) {
        in.read();
        isArray |= !hasBegun;
        openArrays++;
        arrayLine = line;
        mayBeSeparated = false;
      } else if (c == ']' && openArrays > 0) {
        last = in.read();
        openArrays--;
        mayBeSeparated = true;
      } else if (c == ',' && mayBeSeparated) {
        in.read();
        mayBeSeparated = false;
      } else {
        hasBegun = true;
        isArray &= c != '{' || !mayBeSeparated;
        severalOnALine |= lineOfLast == line;
        return c == '{' ? object() : other();
      }
    }
  }

  @Override
  boolean mayStandStill() {
    return atEnd;
  }

  /**
   * Ends the records. A file that breaks off within its array is one that was not written whole,
   * unlike one whose last line is damaged, or of which a line of objects begins with a bracket.
   */
  private RawRecord end() throws IOException {
    if (openArrays == 0) {
      return null;
    }
    if (isStored && isArray && last != ']') {
      throw new IOException(
          "the JSON array that begins in line %d is not closed: the file is cut off"
              .formatted(arrayLine));
    }
    atEnd = true;
    openArrays = 0;
    return RawRecord.malformed(
        line,
        "",
        "the array that begins in line %d is not closed: the file may be cut off"
            .formatted(arrayLine));
  }

  /** Moves to the next character that is no space and marks it. */
  private int skipSpace() throws IOException {
    while (true) {
      in.mark();
      int c = in.peek();
      if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\uFEFF') {
        return c;
      }
      in.read();
      countLine(c);
    }
  }

  private boolean countLine(int c) throws IOException {
    boolean ends = c == '\n' || (c == '\r' && in.peek() != '\n');
    if (ends) {
      line++;
      lineStart = in.position();
    }
    return ends;
  }

  private boolean opensArray() throws IOException {
    int i = 1;
    while (i < KEPT && isSpace(in.at(i))) {
      i++;
    }
    return in.at(i) == '{' || in.at(i) == ']';
  }

  private static boolean isSpace(int c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  private RawRecord object() throws IOException {
    long first = line;
    WindowReader view = new WindowReader(in, maxCharacters);
    JsonFields fields = new JsonFields();
    try (JsonParser json = FACTORY.createParser(view)) {
      String twice = read(json, fields);
      JsonLocation end = json.currentLocation();
      int length = (int) end.getCharOffset();
      String raw = in.text(0, Math.min(length, RawRecord.MAX_RAW));
      in.seek(length);
      line += end.getLineNr() - 1;
      lineStart = end.getLineNr() > 1 ? in.position() - end.getColumnNr() + 1 : lineStart;
      lineOfLast = line;
      last = '}';
      mayBeSeparated = true;
      return twice == null
          ? RawRecord.of(first, fields, raw)
          : RawRecord.malformed(
              first, raw, "the key '%s' stands twice in one object".formatted(twice));
    } catch (JsonProcessingException e) {
      if (view.isAtLimit()) {
        return rejected(
            "the object has more than %,d characters; raise corpora.max-record-characters if it is"
                    .formatted(maxCharacters)
                + " one",
            true);
      }
      boolean isLater = e.getLocation() != null && e.getLocation().getLineNr() > 1;
      return rejected("it is not JSON: " + reason(e), isLater);
    }
  }

  /** Reads an object; returns a key that stands in it twice, or null. */
  private String read(JsonParser json, JsonFields fields) throws IOException {
    json.nextToken();
    Set<String> keys = new HashSet<>();
    String twice = null;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = whole(json.getCurrentName());
      if (keys.isEmpty()) {
        firstKey = key.length() <= MAX_KEY ? key : null;
      }
      twice = keys.add(key) || twice != null ? twice : key;
      JsonToken value = json.nextToken();
      if (value.isStructStart()) {
        StringWriter nested = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(nested)) {
          out.copyCurrentStructure(json);
        }
        fields.putNested(key, whole(nested.toString()));
      } else if (value != JsonToken.VALUE_NULL && !isNoNumber(value, json)) {
        String text = whole(json.getText());
        if (!text.isEmpty()) {
          fields.put(key, text);
        }
      }
    }
    return twice;
  }

  /** Returns whether a value is NaN or infinite, as which writers write that there is none. */
  private static boolean isNoNumber(JsonToken value, JsonParser json) throws IOException {
    return value == JsonToken.VALUE_NUMBER_FLOAT && json.isNaN();
  }

  /** Replaces halves of surrogate pairs, which no encoding can write. */
  private static String whole(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return text.codePoints()
            .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
      }
    }
    return text;
  }

  private RawRecord other() throws IOException {
    mayBeSeparated = false;
    return rejected(
        lineOfLast == line
            ? "something follows the object that is no JSON object"
            : "the line is not a JSON object, which begins with {",
        false);
  }

  /**
   * Rejects what is marked, and moves to where the next object begins.
   *
   * @param isLater whether the error is behind the first line: the object may span lines, and the
   *     next begins on a line that opens one no further in
   */
  private RawRecord rejected(String fault, boolean isLater) throws IOException {
    long first = line;
    long indent = in.position() - in.offset() - lineStart;
    boolean onOneLine = severalOnALine || (openArrays > 0 && arrayLine == line);
    String key = firstKey == null ? keyAt(0) : firstKey;
    String raw = null;
    in.seek(1);
    while (true) {
      int c = in.read();
      if (c < 0) {
        break;
      }
      last = isSpace(c) ? last : c;
      if (countLine(c)) {
        if (!isLater || opensObject(indent)) {
          break;
        }
      } else if (onOneLine && c == '{' && key != null && key.equals(keyAt(in.offset() - 1))) {
        in.seek(in.offset() - 1);
        lineOfLast = line;
        break;
      }
      if (in.offset() > KEPT) {
        raw = raw == null ? in.text(0, RawRecord.MAX_RAW) : raw;
        in.mark();
      }
    }
    raw = raw == null ? in.text(0, Math.min(in.offset(), RawRecord.MAX_RAW)) : raw;
    return RawRecord.malformed(first, raw.stripTrailing(), fault);
  }

  /** Returns whether the next line opens an object, or ends the array, at most so far in. */
  private boolean opensObject(long indent) throws IOException {
    int at = in.offset();
    int c = in.at(at);
    int blanks = 0;
    while ((c == ' ' || c == '\t') && blanks <= indent) {
      blanks++;
      c = in.at(at + blanks);
    }
    return blanks <= indent && (c == '{' || c == '[' || (c == ']' && openArrays > 0));
  }

  /** Returns the first key of an object that begins at an offset; null if none is seen. */
  private String keyAt(int offset) throws IOException {
    int start = offset + 1;
    while (start < offset + MAX_KEY && isSpace(in.at(start))) {
      start++;
    }
    if (in.at(offset) != '{' || in.at(start) != '"') {
      return null;
    }
    StringBuilder key = new StringBuilder();
    for (int i = start + 1; i < start + MAX_KEY && in.at(i) >= 0; i++) {
      if (in.at(i) == '"') {
        return key.toString();
      }
      key.append((char) in.at(i));
    }
    return null;
  }

  private static String reason(JsonProcessingException e) {
    String message = e.getOriginalMessage();
    return message.replaceFirst("(?s): enable `.*", "").replaceFirst("(?s)\\n.*", "");
  }
}
