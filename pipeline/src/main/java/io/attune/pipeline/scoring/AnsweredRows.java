package io.attune.pipeline.scoring;

import static io.attune.schemas.Requirements.require;

import io.attune.pipeline.bundle.Classifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;

/**
 * Asks a model about the texts of rows while they are read, batch after batch, so that memory does
 * not grow with the rows. Rows keep their order; within a batch the model answers texts of similar
 * length together.
 *
 * @param <T> the type of a row
 */
public final class AnsweredRows<T> implements Iterator<AnsweredRows.Answered<T>> {
  /** Bounds the characters of a batch beyond its first text, which may be of any length. */
  private static final long MOST_CHARACTERS = 1L << 21;

  private final Iterator<T> rows;
  private final Function<T, String> text;
  private final Classifier model;
  private final int batchRows;
  private final Queue<Answered<T>> answered = new ArrayDeque<>();

  /**
   * Holds a row and the answer to its text.
   *
   * @param probabilities {@code [head][class]}; null in place of a head that the model cannot
   *     answer
   */
  @SuppressWarnings("ArrayRecordComponent") // Passed on at once; never compared.
  public record Answered<T>(T row, float[][] probabilities) {}

  /**
   * Begins to read.
   *
   * @param text of a row; null counts as an empty text
   * @param batchRows rows that are read ahead and answered at once, at most
   */
  public AnsweredRows(Iterator<T> rows, Function<T, String> text, Classifier model, int batchRows) {
    require(batchRows >= 1, "a batch must have at least 1 row, got %d", batchRows);
    this.rows = rows;
    this.text = text;
    this.model = model;
    this.batchRows = batchRows;
  }

  @Override
  public boolean hasNext() {
    return !answered.isEmpty() || rows.hasNext();
  }

  @Override
  public Answered<T> next() {
    if (answered.isEmpty()) {
      answer();
    }
    return answered.remove();
  }

  private void answer() {
    List<T> batch = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    long characters = 0;
    while (batch.size() < batchRows && characters < MOST_CHARACTERS && rows.hasNext()) {
      T row = rows.next();
      String read = text.apply(row);
      batch.add(row);
      texts.add(read == null ? "" : read);
      characters += texts.get(texts.size() - 1).length();
    }
    float[][][] answers = model.probabilities(texts);
    for (int i = 0; i < batch.size(); i++) {
      answered.add(new Answered<>(batch.get(i), answers[i]));
    }
  }
}
