package io.attune.pipeline.input;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;
import java.nio.charset.Charset;

/**
 * Says how records lie in a file.
 *
 * @param delimiter of CSV and TSV, one character; null for the format's own
 * @param quote of CSV and TSV, one character; empty for none, null for the format's own
 * @param escape the character before a quote that belongs to the value; null where it is doubled
 * @param header whether the first record of CSV and TSV names the columns; else they are 1, 2, 3, …
 * @param skipLines lines before the header, or before the first record, that are not read
 * @param encoding of text, such as {@code GB18030}, or {@link #AUTO}, which null means as well
 * @param maxRecordCharacters a longer record is a reject
 * @param folder of the corpus, below which a file is named; null where that does not matter
 */
public record FileLayout(
    Format format,
    String delimiter,
    String quote,
    String escape,
    boolean header,
    int skipLines,
    String encoding,
    int maxRecordCharacters,
    String folder)
    implements Serializable {
  /** Stands for the encoding that the bytes of a file show. */
  public static final String AUTO = "auto";

  public static final int MAX_RECORD_CHARACTERS = 10_000_000;

  public FileLayout {
    require(
        delimiter == null || delimiter.length() == 1,
        "corpora.delimiter must be one character, got '%s'",
        delimiter);
    require(
        quote == null || quote.length() <= 1,
        "corpora.quote must be one character, or empty for none, got '%s'",
        quote);
    require(
        escape == null || escape.length() == 1,
        "corpora.escape must be one character, got '%s'",
        escape);
    require(skipLines >= 0, "corpora.skip-lines must not be negative, got %d", skipLines);
    require(
        maxRecordCharacters >= 1000 && maxRecordCharacters <= 500_000_000,
        "corpora.max-record-characters must be in [1000, 500000000], got %d",
        maxRecordCharacters);
    encoding = encoding == null ? AUTO : encoding;
    require(isCharset(encoding), "corpora.encoding is not known: '%s'", encoding);
  }

  /** Returns the layout that files of a format have where nothing else is said. */
  public static FileLayout of(Format format) {
    return new FileLayout(format, null, null, null, true, 0, AUTO, MAX_RECORD_CHARACTERS, null);
  }

  public FileLayout withFormat(Format other) {
    return new FileLayout(
        other, delimiter, quote, escape, header, skipLines, encoding, maxRecordCharacters, folder);
  }

  public FileLayout withDelimiter(String other) {
    return new FileLayout(
        format, other, quote, escape, header, skipLines, encoding, maxRecordCharacters, folder);
  }

  public FileLayout withQuotes(String otherQuote, String otherEscape) {
    return new FileLayout(
        format,
        delimiter,
        otherQuote,
        otherEscape,
        header,
        skipLines,
        encoding,
        maxRecordCharacters,
        folder);
  }

  public FileLayout withHeader() {
    return new FileLayout(
        format, delimiter, quote, escape, true, skipLines, encoding, maxRecordCharacters, folder);
  }

  public FileLayout withoutHeader() {
    return new FileLayout(
        format, delimiter, quote, escape, false, skipLines, encoding, maxRecordCharacters, folder);
  }

  public FileLayout withSkipLines(int lines) {
    return new FileLayout(
        format, delimiter, quote, escape, header, lines, encoding, maxRecordCharacters, folder);
  }

  public FileLayout withEncoding(String other) {
    return new FileLayout(
        format, delimiter, quote, escape, header, skipLines, other, maxRecordCharacters, folder);
  }

  public FileLayout withMaxRecordCharacters(int characters) {
    return new FileLayout(
        format, delimiter, quote, escape, header, skipLines, encoding, characters, folder);
  }

  public FileLayout withFolder(String other) {
    return new FileLayout(
        format, delimiter, quote, escape, header, skipLines, encoding, maxRecordCharacters, other);
  }

  /** Returns the delimiter of a file whose format is known. */
  public char delimiterOf(Format actual) {
    if (delimiter != null) {
      return delimiter.charAt(0);
    }
    return actual == Format.TSV ? '\t' : ',';
  }

  /** Returns whether values may be quoted in a file whose format is known. */
  public boolean hasQuotes(Format actual) {
    return quote == null ? actual == Format.CSV : !quote.isEmpty();
  }

  /** Returns the character around values that are quoted. */
  public char quoteCharacter() {
    return quote == null || quote.isEmpty() ? '"' : quote.charAt(0);
  }

  /** Returns whether this is {@link #AUTO}, or Java knows an encoding by this name. */
  public static boolean isCharset(String name) {
    try {
      return name.equals(AUTO) || Charset.isSupported(name);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
