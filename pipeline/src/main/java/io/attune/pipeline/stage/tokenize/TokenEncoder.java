package io.attune.pipeline.stage.tokenize;

import io.attune.pipeline.split.Splits;
import io.attune.pipeline.text.DocumentText;
import io.attune.pipeline.text.SubwordTokenizer;
import io.attune.pipeline.text.TextRows;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LongTexts;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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
   * @param synonyms make the copies of training documents
   * @param run that the rows belong to
   */
  record Job(LabelSets labels, int maxTokens, LongTexts longTexts, Synonyms synonyms, String run)
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
    String id = document.getString(0);
    String split = document.getString(1);
    String text = DocumentText.of(document.getString(2), document.getString(3));
    TextRows.Ids ids = reader.ids(text);
    List<int[]> all = new ArrayList<>(ids.rows());
    Map<Integer, Integer> replaced = new HashMap<>(); // by the number of a copy's first row
    if (split.equals(Split.TRAIN.word())) {
      for (Synonyms.Copy copy : job.synonyms().copies(id, text)) {
        List<int[]> rows = reader.ids(copy.text()).rows();
        if (!areSame(rows, ids.rows())) { // else the words are where the text is not read
          replaced.put(all.size(), copy.replaced());
          all.addAll(rows);
        }
      }
    }
    Map<String, String> labels = document.isNullAt(4) ? Map.of() : document.getJavaMap(4);
    int[] classes = indices(labels, job.labels().heads());
    return IntStream.range(0, all.size())
        .mapToObj(
            window ->
                RowFactory.create(
                    id,
                    split,
                    all.get(window),
                    classes,
                    job.run(),
                    window,
                    all.size(),
                    ids.leftOut(),
                    replaced.getOrDefault(window, 0)));
  }

  private static boolean areSame(List<int[]> rows, List<int[]> others) {
    return Arrays.deepEquals(rows.toArray(), others.toArray());
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
