package io.attune.neural.ngram;

import io.attune.neural.encoder.EncoderLayout.Slot;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.Tape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Computes a network of n-grams one number at a time: the reference for the backends. */
final class NgramTwin {
  private final NgramCase given;
  private final NgramShape shape;
  private final Tape tape = new Tape();
  private final int[] parameters;

  NgramTwin(NgramCase given) {
    this.given = given;
    shape = given.shape();
    parameters = Arrays.stream(given.parameters()).mapToInt(tape::leaf).toArray();
  }

  NgramCase.Result compute() {
    double[][] output = new double[given.mask().length][shape.pooledWidth()];
    int loss = tape.leaf(0);
    for (int row = 0; row < output.length; row++) {
      int[] pooled = pooled(positions(row));
      for (int i = 0; i < pooled.length; i++) {
        Noise.Site site = given.noise().output();
        int value =
            site.active() ? tape.scale(pooled[i], site.factor(row * pooled.length + i)) : pooled[i];
        output[row][i] = tape.value(value);
        loss = tape.add(loss, tape.scale(value, given.epsilon()[row][i]));
      }
    }
    double[] gradient = Arrays.copyOf(tape.gradients(loss), parameters.length);
    return new NgramCase.Result(output, gradient);
  }

  private int at(String name, int row, int column) {
    Slot slot =
        NgramLayout.of(shape).slots().stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow();
    return parameters[(int) slot.offset() + row * slot.columns() + column];
  }

  /** Returns the vectors of the positions of a row that are not dropped. */
  private List<int[]> positions(int row) {
    List<Integer> ids = new ArrayList<>();
    for (int column = 0; column < given.mask()[row].length; column++) {
      if (given.mask()[row][column]) {
        ids.add(given.tokens()[row][column]);
      }
    }
    List<int[]> all = new ArrayList<>();
    List<int[]> kept = new ArrayList<>();
    for (int rank = 0; rank < ids.size(); rank++) {
      int index = row * shape.maxTokens() + rank;
      int[] vector = vector(ids, rank, index);
      all.add(vector);
      if (!given.noise().word().active() || given.noise().word().factor(index) > 0) {
        kept.add(vector);
      }
    }
    return kept.isEmpty() ? all : kept;
  }

  private int[] vector(List<Integer> ids, int rank, int index) {
    int[] vector = new int[shape.width()];
    Noise.Site site = given.noise().embedding();
    for (int c = 0; c < vector.length; c++) {
      vector[c] = at(NgramLayout.TOKENS, ids.get(rank), c);
      for (int length = 2; length <= shape.longest(); length++) {
        int bucket = bucket(ids, rank, length);
        vector[c] = tape.add(vector[c], at(NgramLayout.NGRAMS, bucket, c));
      }
      if (site.active()) {
        vector[c] = tape.scale(vector[c], site.factor(index * vector.length + c));
      }
    }
    return vector;
  }

  private int bucket(List<Integer> ids, int rank, int length) {
    int hash = 0;
    for (int i = rank; i < rank + length; i++) {
      hash = i < ids.size() ? NgramHash.then(hash, ids.get(i)) : NgramHash.thenEnd(hash);
    }
    return NgramHash.bucket(hash, shape.buckets());
  }

  private int[] pooled(List<int[]> x) {
    int[] pooled = new int[shape.pooledWidth()];
    if (x.isEmpty()) {
      Arrays.fill(pooled, tape.leaf(0));
      return pooled;
    }
    int width = shape.width();
    int[][] weights = new int[shape.queries()][];
    for (int query = 0; query < weights.length; query++) {
      weights[query] = attention(x, query);
    }
    for (int c = 0; c < width; c++) {
      int sum = tape.leaf(0);
      int largest = x.get(0)[c];
      for (int[] vector : x) {
        sum = tape.add(sum, vector[c]);
        largest = tape.value(vector[c]) > tape.value(largest) ? vector[c] : largest;
      }
      pooled[c] = tape.scale(sum, 1.0 / x.size());
      pooled[width + c] = largest;
      for (int query = 0; query < weights.length; query++) {
        int mixture = tape.leaf(0);
        for (int t = 0; t < x.size(); t++) {
          mixture = tape.add(mixture, tape.multiply(weights[query][t], x.get(t)[c]));
        }
        pooled[(2 + query) * width + c] = mixture;
      }
    }
    return pooled;
  }

  private int[] attention(List<int[]> x, int query) {
    int[] exponents = new int[x.size()];
    int total = tape.leaf(0);
    for (int t = 0; t < exponents.length; t++) {
      int score = tape.leaf(0);
      for (int c = 0; c < shape.width(); c++) {
        int hidden = at(NgramLayout.BIAS, 0, c);
        for (int k = 0; k < shape.width(); k++) {
          int term = tape.multiply(x.get(t)[k], at(NgramLayout.WEIGHT, k, c));
          hidden = tape.add(hidden, term);
        }
        int term = tape.multiply(tape.tanh(hidden), at(NgramLayout.QUERIES, query, c));
        score = tape.add(score, term);
      }
      exponents[t] = tape.exp(score);
      total = tape.add(total, exponents[t]);
    }
    int[] weights = new int[exponents.length];
    for (int t = 0; t < weights.length; t++) {
      weights[t] = tape.divide(exponents[t], total);
    }
    return weights;
  }
}
