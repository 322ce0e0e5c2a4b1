package io.attune.pipeline.stage.monitor;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.row_number;

import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.figure.Figures;
import io.attune.pipeline.text.DocumentText;
import io.attune.schemas.report.Evaluation.AttendedSpan;
import io.attune.schemas.report.SurgeAlert.Headline;
import io.attune.schemas.report.SurgeAlert.Word;
import io.attune.schemas.table.Documents;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Finds the headlines behind figures, and the words in them that the model attended to. */
final class Stories {
  /** Bounds the characters of a text that are shown. */
  private static final int SHOWN = 280;

  private static final int MOST_WORDS = 8;
  private static final int BATCH = 32;
  private static final String NUMBER = "number";
  private static final String FROM = "from_day";
  private static final String TO = "to_day";
  private static final String PLACE = "place";
  private static final StructType WANTED =
      new StructType()
          .add(NUMBER, DataTypes.IntegerType)
          .add(SeriesRows.KIND, DataTypes.StringType)
          .add(SeriesRows.NAME, DataTypes.StringType)
          .add(FROM, DataTypes.DateType)
          .add(TO, DataTypes.DateType);

  private final SparkSession spark;
  private final Dataset<Row> clean;
  private final int most;

  /**
   * Reads texts from a table.
   *
   * @param clean all rows of the table of clean documents at one snapshot
   * @param most headlines of a question
   */
  Stories(SparkSession spark, Dataset<Row> clean, int most) {
    this.spark = spark;
    this.clean = clean;
    this.most = most;
  }

  /** Asks for the most negative headlines of a series in some days, both included. */
  record Question(SeriesKey key, LocalDate from, LocalDate to) {}

  /** Holds headlines, and the words that the model attended to in them. */
  record Answer(List<Headline> headlines, List<Word> words) {
    static final Answer NONE = new Answer(List.of(), List.of());
  }

  /**
   * Answers questions, in their order.
   *
   * @param clusters of {@link SeriesRows#clusters}
   * @param model asked for attention; only if there is a headline
   */
  List<Answer> of(Dataset<Row> clusters, List<Question> questions, Supplier<ModelFiles> model) {
    if (questions.isEmpty()) {
      return List.of();
    }
    List<Row> chosen = chosen(clusters, questions);
    if (chosen.isEmpty()) {
      return questions.stream().map(question -> Answer.NONE).toList();
    }
    Map<String, String> texts = texts(chosen);
    Map<String, List<AttendedSpan>> attention = attention(texts, model.get());
    List<Answer> answers = new ArrayList<>();
    for (int number = 0; number < questions.size(); number++) {
      int wanted = number;
      List<Row> rows = chosen.stream().filter(row -> row.<Integer>getAs(NUMBER) == wanted).toList();
      answers.add(
          new Answer(
              rows.stream().map(row -> headline(row, texts, attention)).toList(),
              words(
                  rows.stream().map(row -> row.<String>getAs(Readings.ID)).toList(),
                  texts,
                  attention)));
    }
    return answers;
  }

  private List<Row> chosen(Dataset<Row> clusters, List<Question> questions) {
    List<Row> rows = new ArrayList<>();
    LocalDate first = questions.get(0).from();
    for (int number = 0; number < questions.size(); number++) {
      Question question = questions.get(number);
      first = question.from().isBefore(first) ? question.from() : first;
      rows.add(
          RowFactory.create(
              number,
              question.key().kind(),
              question.key().name(),
              Date.valueOf(question.from()),
              Date.valueOf(question.to())));
    }
    Dataset<Row> wanted = spark.createDataFrame(rows, WANTED);
    Dataset<Row> negative =
        clusters.where(col(Readings.NEGATIVE).and(col(Readings.DAY).geq(Date.valueOf(first))));
    return negative
        .join(
            broadcast(wanted),
            negative
                .col(SeriesRows.KIND)
                .equalTo(wanted.col(SeriesRows.KIND))
                .and(negative.col(SeriesRows.NAME).equalTo(wanted.col(SeriesRows.NAME)))
                .and(col(Readings.DAY).between(col(FROM), col(TO))))
        .withColumn(
            PLACE,
            row_number()
                .over(
                    Window.partitionBy(NUMBER)
                        .orderBy(col(Readings.PROBABILITY).desc(), col(Readings.ID))))
        .where(col(PLACE).leq(most))
        .select(
            NUMBER,
            PLACE,
            Readings.ID,
            Readings.RUN,
            Readings.SOURCE,
            Readings.DAY,
            Readings.PROBABILITY,
            SeriesRows.COPIES)
        .collectAsList()
        .stream()
        .sorted(
            Comparator.comparingInt((Row row) -> row.<Integer>getAs(NUMBER))
                .thenComparingInt(row -> row.<Integer>getAs(PLACE)))
        .toList();
  }

  private Map<String, String> texts(List<Row> chosen) {
    Object[] ids = chosen.stream().map(row -> row.getAs(Readings.ID)).distinct().toArray();
    Object[] runs = chosen.stream().map(row -> row.getAs(Readings.RUN)).distinct().toArray();
    Map<String, String> runOf = new HashMap<>();
    chosen.forEach(row -> runOf.put(row.getAs(Readings.ID), row.getAs(Readings.RUN)));
    Map<String, String> texts = new HashMap<>();
    clean
        .where(col(Documents.RUN).isin(runs).and(col(Documents.ID).isin(ids)))
        .select(Documents.ID, Documents.RUN, Documents.TITLE, Documents.TEXT)
        .collectAsList()
        .forEach(
            row -> {
              if (row.getString(1).equals(runOf.get(row.getString(0)))) {
                texts.put(row.getString(0), DocumentText.of(row.getString(2), row.getString(3)));
              }
            });
    return texts;
  }

  /**
   * Asks for attention on an executor, because only executors are certain to have the libraries of
   * a network.
   */
  private Map<String, List<AttendedSpan>> attention(Map<String, String> texts, ModelFiles model) {
    List<String> ids = texts.keySet().stream().sorted().toList();
    List<String> ordered = ids.stream().map(texts::get).toList();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<ModelFiles> files = context.broadcast(model);
    try {
      List<List<AttendedSpan>> spans =
          context
              .parallelize(new ArrayList<>(ordered), 1)
              .mapPartitions(part -> attend(part, files.value()))
              .collect();
      Map<String, List<AttendedSpan>> byId = new HashMap<>();
      for (int i = 0; i < ids.size(); i++) {
        byId.put(ids.get(i), spans.get(i));
      }
      return byId;
    } finally {
      files.destroy();
    }
  }

  private static Iterator<List<AttendedSpan>> attend(Iterator<String> texts, ModelFiles model) {
    List<String> all = new ArrayList<>();
    texts.forEachRemaining(all::add);
    List<List<AttendedSpan>> spans = new ArrayList<>();
    for (int from = 0; from < all.size(); from += BATCH) {
      spans.addAll(
          Classifier.shared(model)
              .attention(all.subList(from, Math.min(from + BATCH, all.size()))));
    }
    return spans.iterator();
  }

  private static Headline headline(
      Row row, Map<String, String> texts, Map<String, List<AttendedSpan>> attention) {
    String id = row.getAs(Readings.ID);
    String text = texts.getOrDefault(id, "");
    String shown = Figures.cut(text, SHOWN);
    int end = shown.equals(text) ? text.length() : shown.length() - 1; // without the ellipsis
    return new Headline(
        id,
        row.<Date>getAs(Readings.DAY).toString(),
        row.getAs(Readings.SOURCE),
        shown,
        row.<Double>getAs(Readings.PROBABILITY),
        row.<Long>getAs(SeriesRows.COPIES),
        attention.getOrDefault(id, List.of()).stream().filter(span -> span.end() <= end).toList());
  }

  /** Returns the words with the most attention over all texts, each text counting the same. */
  private static List<Word> words(
      List<String> ids, Map<String, String> texts, Map<String, List<AttendedSpan>> attention) {
    Map<String, Double> weights = new HashMap<>();
    for (String id : ids) {
      String text = texts.getOrDefault(id, "");
      List<AttendedSpan> spans = attention.getOrDefault(id, List.of());
      double sum = spans.stream().mapToDouble(AttendedSpan::weight).sum();
      for (AttendedSpan span : spans) {
        boolean fits = span.start() >= 0 && span.end() <= text.length() && sum > 0;
        if (fits) {
          word(text.substring(span.start(), span.end()))
              .forEach(word -> weights.merge(word, span.weight() / sum / ids.size(), Double::sum));
        }
      }
    }
    return weights.entrySet().stream()
        .sorted(
            Map.Entry.<String, Double>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(MOST_WORDS)
        .map(entry -> new Word(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** Returns what is a word: a letter of a script with spaces alone, or a mark, is none. */
  private static Stream<String> word(String span) {
    String word = span.strip().toLowerCase(Locale.ROOT);
    boolean isLetters = word.codePoints().anyMatch(Character::isLetter);
    boolean isLong =
        word.codePointCount(0, word.length()) > 1
            || word.codePoints().anyMatch(Character::isIdeographic);
    return isLetters && isLong ? Stream.of(word) : Stream.empty();
  }
}
