package io.attune.pipeline.stage.ingest;

import static io.attune.schemas.Requirements.require;

import io.attune.pipeline.input.FileLayout;
import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.value.LabelText;
import io.attune.pipeline.input.value.PublishedAt;
import io.attune.schemas.table.Split;
import java.io.Serializable;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Locates one corpus and says what its columns mean.
 *
 * @param name goes into the ids of its documents
 * @param path file, folder or glob on any Hadoop file system; {@code {date}} stands for a night
 * @param format how records lie in the files
 * @param delimiter of CSV and TSV; null for the format's own
 * @param encoding of the files' text, such as {@code GB18030}, or {@link FileLayout#AUTO}
 * @param split that every document of this corpus belongs to; null where the split rule decides
 * @param language of every document, BCP 47; null where a column says or nothing does
 * @param source of every document; null where a column says or nothing does
 * @param columns which column holds what
 * @param labelValues by head, what a value found means, such as {@code pos: positive}; an empty
 *     text means no label
 * @param quote around values of CSV and TSV; empty for none, null for the format's own
 * @param escape before a quote that belongs to the value; null where such a quote is doubled
 * @param header whether CSV and TSV name their columns first; else they are 1, 2, 3, …; null for
 *     yes
 * @param skipLines lines before the header; null for none
 * @param maxRecordCharacters a longer record is rejected; null for the default
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
    String quote,
    String escape,
    Boolean header,
    Integer skipLines,
    Integer maxRecordCharacters)
    implements Serializable {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  /** Says what becomes of a document that has several labels of one head. */
  public enum SeveralLabels {
    /** It is rejected. */
    REJECT,
    /** The first one counts. */
    FIRST
  }

  /**
   * Names the columns in the files, null where there is none, and how their values are written.
   *
   * @param publishedAt when a document was published
   * @param dateForm of publishedAt: a form or pattern of {@link PublishedAt}
   * @param zone of dates without one
   * @param split whether a document trains, validates or tests; where it says nothing, the corpus
   *     or the split rule decides
   * @param labels column by head; in {@link Format#TEXT_FOLDERS} the column {@code folder}
   * @param severalLabels what becomes of lists of labels
   * @param nullWords which words in labels, dates, ids, splits, languages and sources mean that
   *     there is none; a word that is also a class is that class
   * @param entities columns that name who a text is about, such as a ticker; kept as extra is
   * @param extra columns to keep as they are
   */
  public record Columns(
      String id,
      String title,
      String text,
      String publishedAt,
      String dateForm,
      String zone,
      String source,
      String language,
      String split,
      Map<String, String> labels,
      SeveralLabels severalLabels,
      List<String> nullWords,
      List<String> entities,
      List<String> extra)
      implements Serializable {
    public Columns {
      dateForm = dateForm == null ? PublishedAt.AUTO : dateForm;
      zone = zone == null ? "UTC" : zone;
      PublishedAt.of(dateForm, zone);
      labels = labels == null ? Map.of() : Map.copyOf(labels);
      severalLabels = severalLabels == null ? SeveralLabels.REJECT : severalLabels;
      nullWords = nullWords == null ? LabelText.NULL_WORDS : List.copyOf(nullWords);
      entities = entities == null ? List.of() : List.copyOf(entities);
      extra = extra == null ? List.of() : List.copyOf(extra);
    }

    /** Names columns whose values are written as usual. */
    public Columns(
        String id,
        String title,
        String text,
        String publishedAt,
        String source,
        String language,
        Map<String, String> labels,
        List<String> extra) {
      this(
          id,
          title,
          text,
          publishedAt,
          null,
          null,
          source,
          language,
          null,
          labels,
          null,
          null,
          null,
          extra);
    }

    /** Returns every column that is named, each once. */
    public Set<String> mapped() {
      Set<String> mapped = new LinkedHashSet<>();
      mapped.addAll(Arrays.asList(id, title, text, publishedAt, source, language, split));
      mapped.addAll(labels.values());
      mapped.addAll(entities);
      mapped.addAll(extra);
      mapped.remove(null);
      return mapped;
    }

    /** Returns how its dates are read. */
    PublishedAt dates() {
      return PublishedAt.of(dateForm, zone);
    }
  }

  public Corpus {
    require(
        name != null && NAME.matcher(name).matches(),
        "corpora.name must be letters, digits, '.', '_' and '-', got '%s'",
        name);
    require(path != null && !path.isBlank(), "corpora.path of '%s' must not be empty", name);
    format = format == null ? Format.AUTO : format;
    encoding = encoding == null ? FileLayout.AUTO : encoding;
    header = header == null || header;
    skipLines = skipLines == null ? 0 : skipLines;
    maxRecordCharacters =
        maxRecordCharacters == null ? FileLayout.MAX_RECORD_CHARACTERS : maxRecordCharacters;
    new FileLayout(
        format, delimiter, quote, escape, header, skipLines, encoding, maxRecordCharacters, null);
    require(columns != null, "corpora.columns of '%s' must be given", name);
    labelValues = labelValues == null ? Map.of() : Map.copyOf(labelValues);
  }

  /** Describes a corpus whose files are laid out as their format is. */
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
        null,
        null,
        null,
        null,
        null);
  }

  /** Returns whether it says where the text is, as every ingested corpus must. */
  boolean namesText() {
    return format == Format.TEXT_FOLDERS || columns.text() != null || columns.title() != null;
  }

  /** Returns how to read its files. */
  public FileLayout layout() {
    return new FileLayout(
        format,
        delimiter,
        quote,
        escape,
        header,
        skipLines,
        encoding,
        maxRecordCharacters,
        folder());
  }

  /**
   * Returns the folder that {@code path} names, or the last one above its patterns and its file.
   */
  private String folder() {
    int pattern = 0;
    while (pattern < path.length() && "*?[{".indexOf(path.charAt(pattern)) < 0) {
      pattern++;
    }
    return pattern == path.length() ? path : path.substring(0, path.lastIndexOf('/', pattern) + 1);
  }
}
