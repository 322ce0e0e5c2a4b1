package io.attune.pipeline.stage.ingest;

import static io.attune.schemas.Requirements.require;

import io.attune.pipeline.input.FileLayout;
import io.attune.pipeline.input.Format;
import io.attune.schemas.table.Split;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Locates one corpus and says what its columns mean.
 *
 * @param name goes into the ids of its documents
 * @param path file, folder or glob on any Hadoop file system; {@code {date}} stands for a night
 * @param format how records lie in the files
 * @param delimiter of CSV and TSV; null for the format's own
 * @param encoding of the files' text, such as {@code UTF-8} or {@code GB18030}
 * @param split that every document of this corpus belongs to; null where the split rule decides
 * @param language of every document, BCP 47; null where a column says or nothing does
 * @param source of every document; null where a column says or nothing does
 * @param columns which column holds what
 * @param labelValues by head, what a value found means, such as {@code pos: positive}
 * @param record of XML, the name of the elements that are records; null for {@code item}
 */
public record Corpus(
    String name,
    String path,
    Format format,
    String delimiter,
    String encoding,
    Split split,
    String language,
    String source,
    Columns columns,
    Map<String, Map<String, String>> labelValues,
    String record)
    implements Serializable {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  /**
   * Names the columns in the files; null where there is none.
   *
   * @param publishedAt ISO 8601, a date, or {@code yyyy-MM-dd HH:mm:ss}; UTC where no zone is given
   * @param labels column by head; in {@link Format#TEXT_FOLDERS} the column {@code folder}
   * @param extra columns to keep as they are
   */
  public record Columns(
      String id,
      String title,
      String text,
      String publishedAt,
      String source,
      String language,
      Map<String, String> labels,
      List<String> extra)
      implements Serializable {
    public Columns {
      labels = labels == null ? Map.of() : Map.copyOf(labels);
      extra = extra == null ? List.of() : List.copyOf(extra);
    }
  }

  public Corpus {
    require(
        name != null && NAME.matcher(name).matches(),
        "corpora.name must be letters, digits, '.', '_' and '-', got '%s'",
        name);
    require(path != null && !path.isBlank(), "corpora.path of '%s' must not be empty", name);
    require(
        delimiter == null || delimiter.length() == 1,
        "corpora.delimiter of '%s' must be one character, got '%s'",
        name,
        delimiter);
    format = format == null ? Format.AUTO : format;
    encoding = encoding == null ? "UTF-8" : encoding;
    require(
        FileLayout.isCharset(encoding),
        "corpora.encoding of '%s' is not known: '%s'",
        name,
        encoding);
    require(columns != null, "corpora.columns of '%s' must be given", name);
    labelValues = labelValues == null ? Map.of() : Map.copyOf(labelValues);
    record = record == null ? "item" : record;
  }

  /** Names a corpus whose files are not XML. */
  public Corpus(
      String name,
      String path,
      Format format,
      String delimiter,
      String encoding,
      Split split,
      String language,
      String source,
      Columns columns,
      Map<String, Map<String, String>> labelValues) {
    this(
        name,
        path,
        format,
        delimiter,
        encoding,
        split,
        language,
        source,
        columns,
        labelValues,
        null);
  }

  /** Returns whether it says where the text is, as every ingested corpus must. */
  boolean namesText() {
    return format == Format.TEXT_FOLDERS || columns.text() != null || columns.title() != null;
  }

  /** Returns how to read its files. */
  public FileLayout layout() {
    return new FileLayout(format, delimiter, encoding);
  }
}
