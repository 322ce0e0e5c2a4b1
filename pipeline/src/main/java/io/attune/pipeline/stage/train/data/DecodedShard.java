package io.attune.pipeline.stage.train.data;

import io.attune.schemas.failure.Failure;
import io.attune.schemas.shard.ShardRows;
import io.attune.schemas.table.TokenRows;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;

/** Holds the tokens and labels of one shard file in memory. */
final class DecodedShard {
  private static final List<String> COLUMNS =
      List.of(TokenRows.TOKENS, TokenRows.LABELS, ShardRows.WINDOWS);

  private final IntLists tokens;
  private final IntLists labels;
  private final IntLists windows; // rows of the document of each row; empty if each has one
  private long order;
  private int[] permutation;
  private Drawn drawn;

  private DecodedShard(IntLists tokens, IntLists labels, IntLists windows) {
    this.tokens = tokens;
    this.labels = labels;
    this.windows = windows;
  }

  /**
   * Reads tokens, labels and, if there is one, the number of windows of a Parquet file, and nothing
   * else of it.
   *
   * @throws Failure.BadInput if they are not lists of integers, or if a row has no tokens
   */
  static DecodedShard read(String file, Configuration files) throws IOException {
    HadoopInputFile input = HadoopInputFile.fromPath(new Path(file), files);
    try (ParquetFileReader reader = ParquetFileReader.open(input)) {
      FileMetaData meta = reader.getFileMetaData();
      MessageType schema = meta.getSchema();
      requireColumns(file, schema);
      MessageType wanted =
          new MessageType(
              schema.getName(),
              schema.getFields().stream()
                  .filter(field -> COLUMNS.contains(field.getName()))
                  .toList());
      boolean hasWindows = wanted.containsField(ShardRows.WINDOWS);
      reader.setRequestedSchema(wanted);
      IntLists tokens = new IntLists();
      IntLists labels = new IntLists();
      IntLists windows = new IntLists();
      for (PageReadStore pages = reader.readNextRowGroup();
          pages != null;
          pages = reader.readNextRowGroup()) {
        ColumnReadStoreImpl columns =
            new ColumnReadStoreImpl(pages, Unused.GROUP, wanted, meta.getCreatedBy());
        tokens.addAll(
            columns.getColumnReader(column(wanted, TokenRows.TOKENS)), pages.getRowCount());
        labels.addAll(
            columns.getColumnReader(column(wanted, TokenRows.LABELS)), pages.getRowCount());
        if (hasWindows) {
          windows.addAll(
              columns.getColumnReader(column(wanted, ShardRows.WINDOWS)), pages.getRowCount());
        }
      }
      tokens.trim();
      labels.trim();
      windows.trim();
      requireRows(file, tokens, labels);
      return new DecodedShard(tokens, labels, windows);
    }
  }

  private static void requireColumns(String file, MessageType schema) {
    for (String name : List.of(TokenRows.TOKENS, TokenRows.LABELS)) {
      if (!schema.containsField(name) || column(schema, name).getMaxRepetitionLevel() != 1) {
        throw new Failure.BadInput(
            "'%s' is not a shard: its column '%s' is not a list of integers; run the shard stage"
                + " again",
            file, name);
      }
    }
  }

  private static void requireRows(String file, IntLists tokens, IntLists labels) {
    if (tokens.size() != labels.size()) {
      throw new Failure.BadInput(
          "'%s' is not a shard: %d rows of tokens, %d of labels; run the shard stage again",
          file, tokens.size(), labels.size());
    }
    for (int row = 0; row < tokens.size(); row++) {
      if (tokens.length(row) == 0) {
        throw new Failure.BadInput(
            "'%s' has no tokens in row %d; run the tokenize and shard stages again", file, row);
      }
    }
  }

  private static ColumnDescriptor column(MessageType schema, String name) {
    return schema.getColumns().stream()
        .filter(column -> column.getPath()[0].equals(name))
        .findFirst()
        .orElseThrow();
  }

  int rows() {
    return tokens.size();
  }

  /** Returns the bytes of memory that it takes, nearly all of it in its arrays. */
  long bytes() {
    return tokens.bytes() + labels.bytes() + windows.bytes();
  }

  int length(int row) {
    return tokens.length(row);
  }

  /** Returns the number of tokens of all rows before one, in the order of the file. */
  int tokensBefore(int row) {
    return tokens.starts[row];
  }

  int[] tokens(int row) {
    return tokens.row(row);
  }

  /** Returns the class index by head, -1 if there is no label. */
  int[] labels(int row) {
    return labels.row(row);
  }

  /** Returns the weight of a row: the rows of a document count as one row together. */
  float weight(int row) {
    return windows.size() == 0 || windows.length(row) == 0 ? 1 : 1f / windows.row(row)[0];
  }

  /**
   * Returns the rows in an order that depends on the seed; the last order is kept, because all
   * ranges of an epoch need the same.
   */
  synchronized int[] ordered(long seed) {
    if (permutation == null || order != seed) {
      int[] rows = new int[rows()];
      Arrays.setAll(rows, row -> row);
      shuffle(rows, new Random(seed));
      permutation = rows;
      order = seed;
    }
    return permutation;
  }

  /**
   * Returns rows in an order that depends on the seed: of the rows of a class those that come first
   * in {@link #ordered}, or all of them again and again, until there are as many as asked for.
   *
   * @param head number of the head
   * @param draws rows by class, those without a label last
   */
  synchronized int[] drawn(int head, int[] draws, long seed) {
    if (drawn == null
        || drawn.seed() != seed
        || drawn.head() != head
        || !Arrays.equals(drawn.draws(), draws)) {
      drawn = new Drawn(head, draws, seed, draw(head, draws, seed));
    }
    return drawn.rows();
  }

  private int[] draw(int head, int[] draws, long seed) {
    int[] order = ordered(seed);
    int[] starts = new int[draws.length + 1]; // of the rows of a class among all by class
    for (int row : order) {
      starts[classOf(row, head, draws) + 1]++;
    }
    Arrays.parallelPrefix(starts, Integer::sum);
    int[] byClass = new int[order.length];
    int[] next = starts.clone();
    for (int row : order) {
      byClass[next[classOf(row, head, draws)]++] = row;
    }
    int[] rows = new int[Arrays.stream(draws).sum()];
    int size = 0;
    for (int c = 0; c < draws.length; c++) {
      int there = starts[c + 1] - starts[c];
      for (int i = 0; i < draws[c]; i++) {
        rows[size++] = byClass[starts[c] + i % there];
      }
    }
    shuffle(rows, new Random(~seed)); // another order than that of the rows themselves
    return rows;
  }

  private int classOf(int row, int head, int[] draws) {
    int label = labels(row)[head];
    return label < 0 ? draws.length - 1 : label;
  }

  private static void shuffle(int[] rows, Random random) {
    for (int row = rows.length - 1; row > 0; row--) {
      int other = random.nextInt(row + 1);
      int kept = rows[row];
      rows[row] = rows[other];
      rows[other] = kept;
    }
  }

  /** Holds the rows that were drawn last. */
  @SuppressWarnings("ArrayRecordComponent") // Compared by its values one by one.
  private record Drawn(int head, int[] draws, long seed, int[] rows) {}

  /** Holds lists of integers one after the other: boxed lists would take ten times the memory. */
  private static final class IntLists {
    private int[] values = new int[1 << 12];
    private int[] starts = new int[1 << 8];
    private int count;
    private int rows;

    void addAll(ColumnReader column, long rowsOfGroup) {
      int full = column.getDescriptor().getMaxDefinitionLevel();
      for (long row = 0; row < rowsOfGroup; row++) {
        startRow();
        do { // a list without elements, or a null, has one entry of a lower definition level
          if (column.getCurrentDefinitionLevel() == full) {
            add(column.getInteger());
          }
          column.consume();
        } while (column.getCurrentRepetitionLevel() != 0); // 0: the next row, or the end
      }
      starts[rows] = count;
    }

    private void startRow() {
      if (rows + 2 > starts.length) {
        starts = Arrays.copyOf(starts, starts.length * 2);
      }
      starts[rows++] = count;
    }

    private void add(int value) {
      if (count == values.length) {
        values = Arrays.copyOf(values, Math.toIntExact(values.length * 2L));
      }
      values[count++] = value;
    }

    void trim() {
      values = Arrays.copyOf(values, count);
      starts = Arrays.copyOf(starts, rows + 1);
    }

    int size() {
      return rows;
    }

    int length(int row) {
      return starts[row + 1] - starts[row];
    }

    int[] row(int row) {
      return Arrays.copyOfRange(values, starts[row], starts[row + 1]);
    }

    long bytes() {
      return (long) Integer.BYTES * (values.length + starts.length);
    }
  }

  /**
   * Provides the converters that Parquet's reader requires; values are read one by one and never
   * reach them.
   */
  private static final class Unused extends GroupConverter {
    static final Unused GROUP = new Unused();
    private static final PrimitiveConverter VALUE = new PrimitiveConverter() {};

    @Override
    public Converter getConverter(int field) {
      return this;
    }

    @Override
    public PrimitiveConverter asPrimitiveConverter() {
      return VALUE;
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }
}
