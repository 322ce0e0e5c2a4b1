package io.attune.pipeline.stage.tokenize;

import io.attune.pipeline.split.Splits;
import io.attune.pipeline.text.DocumentText;
import io.attune.pipeline.text.SubwordTokenizer;
import io.attune.pipeline.text.TextRows;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LongTexts;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.TokenRows;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Spliterators;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Turns documents with a split into token rows, on the executors. */
final class TokenEncoder {
  /**
   * Holds what every task needs in addition to the tokenizer.
   *
   * @param run that the rows belong to
   */
  record Job(LabelSets labels, int maxTokens, LongTexts longTexts, String run)
      implements Serializable {}

  private TokenEncoder() {}

  /** Returns rows of {@link TokenRows}, at least one for each document. */
  static Dataset<Row> encode(Dataset<Row> documents, Broadcast<byte[]> tokenizer, Job job) {
    return documents
        .select(Documents.ID, Splits.SPLIT, Documents.TITLE, Documents.TEXT, Documents.LABELS)
        .mapPartitions(
            (MapPartitionsFunction<Row, Row>) rows -> encode(rows, tokenizer.value(), job),
            Encoders.row(TokenRows.SCHEMA.columns()));
  }

  private static Iterator<Row> encode(Iterator<Row> documents, byte[] tokenizerJson, Job job) {
    SubwordTokenizer tokenizer = SubwordTokenizer.shared(tokenizerJson);
    Stream<Row> rows =
        StreamSupport.stream(Spliterators.spliteratorUnknownSize(documents, 0), false);
    TextRows reader = new TextRows(tokenizer, job.maxTokens(), job.longTexts());
    return rows.flatMap(document -> encode(document, reader, job)).iterator();
  }

  private static Stream<Row> encode(Row document, TextRows reader, Job job) {
    TextRows.Ids ids = reader.ids(DocumentText.of(document.getString(2), document.getString(3)));
    Map<String, String> labels = document.isNullAt(4) ? Map.of() : document.getJavaMap(4);
    int[] classes = indices(labels, job.labels().heads());
    int windows = ids.rows().size();
    return IntStream.range(0, windows)
        .mapToObj(
            window ->
                RowFactory.create(
                    document.getString(0),
                    document.getString(1),
                    ids.rows().get(window),
                    classes,
                    job.run(),
                    window,
                    windows,
                    ids.leftOut()));
  }

  /** Returns the class index for each head, in the order of the heads. */
  private static int[] indices(Map<String, String> labels, List<LabelSets.Head> heads) {
    return heads.stream()
        .mapToInt(
            head -> {
              String label = labels.get(head.name());
              return label == null ? TokenRows.NO_LABEL : head.indexOf(label);
            })
        .toArray();
  }
}
