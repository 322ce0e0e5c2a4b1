package io.attune.pipeline.stage.clean;

import io.attune.pipeline.figure.Figures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Counts what cleaning changed in one document. For use by one thread. */
final class Changes {
  /** Lists the kinds of changes, in the order in which they are made. */
  enum Kind {
    /** Tags of HTML, removed. */
    TAGS,
    /** Style sheets, removed with their content. */
    STYLES,
    /** Comments, document types and XML declarations, removed. */
    COMMENTS,
    /** Character references, decoded. */
    ENTITIES,
    /** Control characters, replaced by a space. */
    CONTROL,
    /** Characters without width and meaning, removed. */
    INVISIBLE,
    /** Combining marks beyond the thirtieth on one character, removed. */
    MARKS,
    /** Characters that could not be decoded (U+FFFD); they stay. */
    BROKEN,
    /** Web addresses, masked or removed. */
    URLS,
    EMAIL,
    PHONE,
    CARD,
    CN_ID,
    MOBILE,
    /** Lines that many documents of the source have, removed. */
    BOILERPLATE;

    /** Returns the name that tables and summaries use: {@code cn-id}. */
    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  static final String CHANGE = "change";
  static final String AMOUNT = "amount";
  static final String EXAMPLE = "example";

  /** Describes one element of {@link #rows}. */
  static final StructType COLUMNS =
      new StructType()
          .add(CHANGE, DataTypes.StringType)
          .add(AMOUNT, DataTypes.LongType)
          .add(EXAMPLE, DataTypes.StringType);

  private static final int EXAMPLE_CHARACTERS = 100;

  /** Identifies what is counted together: a kind, and of boilerplate a line. */
  private record Key(Kind kind, String line) {}

  private static final class Count {
    long amount;
    String example;
  }

  private final Map<Key, Count> counts = new LinkedHashMap<>();

  /** Counts one change of which no example may be shown. */
  void add(Kind kind) {
    count(new Key(kind, null), 1);
  }

  /** Counts a change; the first of its kind is its example. */
  void add(Kind kind, String example) {
    Count count = count(new Key(kind, null), 1);
    if (count.example == null) {
      count.example = Figures.cut(example, EXAMPLE_CHARACTERS);
    }
  }

  /** Counts a character that was removed or replaced. */
  void add(Kind kind, int codePoint) {
    Count count = count(new Key(kind, null), 1);
    if (count.example == null) {
      count.example = "U+%04X".formatted(codePoint);
    }
  }

  /** Counts a line that was removed; each line is counted by itself. */
  void addLine(String line) {
    String shown = Figures.cut(line, EXAMPLE_CHARACTERS);
    count(new Key(Kind.BOILERPLATE, shown), 1).example = shown;
  }

  void addBroken(long characters) {
    if (characters > 0) {
      count(new Key(Kind.BROKEN, null), characters);
    }
  }

  /** Returns how often a kind of change was made. */
  long of(Kind kind) {
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().kind() == kind)
        .mapToLong(entry -> entry.getValue().amount)
        .sum();
  }

  /** Returns one row for each kind, of boilerplate one for each line; see {@link #COLUMNS}. */
  List<Row> rows() {
    List<Row> rows = new ArrayList<>(counts.size());
    counts.forEach(
        (key, count) ->
            rows.add(RowFactory.create(key.kind().word(), count.amount, count.example)));
    return rows;
  }

  private Count count(Key key, long more) {
    Count count = counts.computeIfAbsent(Objects.requireNonNull(key), any -> new Count());
    count.amount += more;
    return count;
  }
}
