package io.attune.bench.student;

import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.text.SubwordTokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Answers texts with a whole model, batch after batch, and takes the time. */
final class TimedModel {
  private final String name;
  private final Classifier classifier;
  private final List<TestText> texts;
  private final int[] tokens;
  private final int batch;
  private int next;

  /**
   * Opens a model.
   *
   * @param batch texts that are answered at once
   */
  TimedModel(String name, ModelFiles files, List<TestText> texts, int batch) {
    this.name = name;
    this.texts = texts;
    this.batch = batch;
    classifier = Classifier.shared(files);
    try (SubwordTokenizer tokenizer = SubwordTokenizer.of(files.tokenizer())) {
      tokens =
          texts.stream()
              .mapToInt(text -> tokenizer.ids(text.text(), files.maxTokens()).length)
              .toArray();
    }
  }

  String name() {
    return name;
  }

  /** Holds what was done in a time. */
  record Work(long documents, long tokens, double seconds) {
    Work plus(Work other) {
      return new Work(documents + other.documents, tokens + other.tokens, seconds + other.seconds);
    }

    double documentsPerSecond() {
      return documents / seconds;
    }

    double tokensPerSecond() {
      return tokens / seconds;
    }
  }

  /** Answers batches from where the last call ended until the time is over; at least one. */
  Work run(double seconds) {
    long documents = 0;
    long read = 0;
    long started = System.nanoTime();
    double spent;
    do {
      int to = Math.min(texts.size(), next + batch);
      var unused = classifier.probabilities(strings(next, to));
      for (int i = next; i < to; i++) {
        read += tokens[i];
      }
      documents += to - next;
      next = to == texts.size() ? 0 : to;
      spent = (double) (System.nanoTime() - started) / TimeUnit.SECONDS.toNanos(1);
    } while (spent < seconds);
    return new Work(documents, read, spent);
  }

  /** Returns the fraction of the labelled texts that are answered rightly, by head. */
  double[] accuracies() {
    int heads = texts.get(0).labels().length;
    long[] right = new long[heads];
    long[] labelled = new long[heads];
    for (int from = 0; from < texts.size(); from += batch) {
      int to = Math.min(texts.size(), from + batch);
      float[][][] answers = classifier.probabilities(strings(from, to));
      for (int i = from; i < to; i++) {
        for (int head = 0; head < heads; head++) {
          int label = texts.get(i).labels()[head];
          labelled[head] += label < 0 ? 0 : 1;
          right[head] += label >= 0 && best(answers[i - from][head]) == label ? 1 : 0;
        }
      }
    }
    double[] accuracies = new double[heads];
    for (int head = 0; head < heads; head++) {
      accuracies[head] = (double) right[head] / labelled[head];
    }
    return accuracies;
  }

  private List<String> strings(int from, int to) {
    List<String> strings = new ArrayList<>();
    for (TestText text : texts.subList(from, to)) {
      strings.add(text.text());
    }
    return strings;
  }

  /** Returns the most probable class; -1 for a head that is not answered. */
  private static int best(float[] probabilities) {
    int best = -1;
    for (int c = 0; probabilities != null && c < probabilities.length; c++) {
      best = best < 0 || probabilities[c] > probabilities[best] ? c : best;
    }
    return best;
  }
}
