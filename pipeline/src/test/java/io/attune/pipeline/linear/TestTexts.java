package io.attune.pipeline.linear;

import io.attune.pipeline.TestNight;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** Generates labelled texts whose words depend on their classes, in two languages. */
final class TestTexts {
  static final LabelSets LABELS =
      new LabelSets(
          List.of(
              new Head("topic", List.of("money", "phones", "rare", "sports")),
              new Head("mood", List.of("down", "up"))));
  private static final List<List<String>> TOPICS =
      List.of(
          List.of("bank", "shares", "股票", "rate"),
          List.of("screen", "call", "手机", "rate"),
          List.of(),
          List.of("goal", "match", "比赛", "call"));
  private static final List<List<String>> MOODS =
      List.of(List.of("bad", "falls", "很差"), List.of("good", "rises", "很好"));

  private TestTexts() {}

  /** Holds a text and its class by head, -1 where there is none. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Document(String id, String text, int[] labels, float[][] targets) {
    Document(String id, String text, int[] labels) {
      this(id, text, labels, null);
    }

    CountedText counted() {
      return CountedText.of(id, labels, text).taught(targets);
    }

    /** Returns the same without labels, with the answers of a teacher that is never certain. */
    Document taught(Random teacher) {
      float[][] answers = new float[labels.length][];
      for (int head = 0; head < labels.length; head++) {
        int classes = LABELS.heads().get(head).classes().size();
        float[] answer = new float[classes];
        float own = labels[head] < 0 ? 0 : 0.5f + 0.5f * teacher.nextFloat();
        Arrays.fill(answer, (1 - own) / (labels[head] < 0 ? classes : classes - 1));
        if (labels[head] >= 0) {
          answer[labels[head]] = own;
        }
        answers[head] = answer;
      }
      return new Document(id, text, new int[] {-1, -1}, answers);
    }
  }

  /** Returns texts without any of topic 2; every tenth has no mood. */
  static List<Document> documents(int count, long seed) {
    Random random = new Random(seed);
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int topic = List.of(0, 1, 3).get(random.nextInt(3));
      int mood = random.nextInt(2);
      List<String> words = new ArrayList<>();
      for (int word = 4 + random.nextInt(5); word > 0; word--) {
        int of = random.nextInt(10) == 0 ? 1 : topic; // some noise
        words.add(pick(random, random.nextBoolean() ? TOPICS.get(of) : MOODS.get(mood)));
      }
      int[] labels = {topic, random.nextInt(10) == 0 ? -1 : mood};
      documents.add(new Document("id-" + i, String.join(" ", words), labels));
    }
    return documents;
  }

  private static String pick(Random random, List<String> words) {
    return words.get(random.nextInt(words.size()));
  }

  static JavaRDD<CountedText> counted(List<Document> documents, int partitions) {
    return JavaSparkContext.fromSparkContext(TestNight.spark().sparkContext())
        .parallelize(documents.stream().map(Document::counted).toList(), partitions);
  }

  /** Returns the rows as a matrix, with its features, without Spark. */
  static TrainingMatrix matrix(List<Document> documents, NgramVectors features) {
    return TrainingMatrix.of(
        documents.stream()
            .map(Document::counted)
            .map(text -> TrainingMatrix.Line.of(text, features))
            .toList(),
        features.size());
  }

  static NgramVectors features(List<Document> documents, int least) {
    LongCounter counter = new LongCounter();
    documents.forEach(
        document -> {
          for (long ngram : document.counted().ngrams()) {
            counter.add(ngram, 1);
          }
        });
    return NgramVectors.of(counter.atLeast(least), documents.size(), 1 << 20);
  }

  static double[][] dense(TrainingMatrix matrix) {
    double[][] dense = new double[matrix.rows()][matrix.width()];
    for (int row = 0; row < dense.length; row++) {
      int from = matrix.starts()[row];
      double[] of = dense[row];
      IntStream.range(from, matrix.starts()[row + 1])
          .forEach(k -> of[matrix.columns()[k]] = matrix.values()[k]);
    }
    return dense;
  }
}
