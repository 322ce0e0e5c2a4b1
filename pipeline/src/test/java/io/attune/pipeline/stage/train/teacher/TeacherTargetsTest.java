package io.attune.pipeline.stage.train.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.stage.train.data.RowInputs.Row;
import io.attune.pipeline.stage.train.data.RowTargets.Target;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TeacherTargetsTest {
  private static final List<Integer> CLASSES = List.of(2, 3);
  private static final int ROWS = 40;
  private static final String SHARD = "hdfs:///datasets/shards/train-00003.parquet";

  @TempDir Path folder;

  private final Random random = new Random(1);

  /** Returns probabilities by row, head and class; the first head of each tenth row has none. */
  private float[][][] answers() {
    float[][][] answers = new float[ROWS][CLASSES.size()][];
    for (int row = 0; row < ROWS; row++) {
      for (int head = 0; head < CLASSES.size(); head++) {
        float[] values = new float[CLASSES.get(head)];
        float sum = 0;
        for (int c = 0; c < values.length; c++) {
          values[c] = head == 0 && row % 10 == 0 ? Float.NaN : random.nextFloat();
          sum += values[c];
        }
        for (int c = 0; c < values.length; c++) {
          values[c] /= sum;
        }
        answers[row][head] = values;
      }
    }
    return answers;
  }

  private void write(float[][][] answers) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(answers.length * 5 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float[][] row : answers) {
      for (float[] head : row) {
        for (float value : head) {
          bytes.putFloat(value);
        }
      }
    }
    Files.write(folder.resolve("train-00003.f32"), bytes.array());
  }

  private TeacherTargets targets(double weight, double temperature) {
    return new TeacherTargets(folder.toUri().toString(), "seal", CLASSES, weight, temperature);
  }

  @ParameterizedTest
  @CsvSource({"0.9, 1", "0.7, 2.5", "1, 1", "0.25, 0.5"})
  void softTargetsEqualASlowOracle(double weight, double temperature) throws IOException {
    float[][][] answers = answers();
    write(answers);
    List<Integer> rows = random.ints(25, 0, ROWS).boxed().toList();
    for (int head = 0; head < CLASSES.size(); head++) {
      int classes = CLASSES.get(head);
      int[] labels = random.ints(rows.size(), -1, classes).toArray();
      Target target = new Target(new float[rows.size() * classes], new float[rows.size()]);
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] >= 0) {
          target.values()[i * classes + labels[i]] = 1;
          target.mask()[i] = 1;
        }
      }

      targets(weight, temperature)
          .apply(
              rows.stream().map(row -> new Row(SHARD, null, row, 0)).toList(),
              head,
              target,
              new Configuration());

      for (int i = 0; i < labels.length; i++) {
        float[] teacher = answers[rows.get(i)][head];
        boolean isAnswered = !Float.isNaN(teacher[0]);
        assertThat(target.mask()[i]).isEqualTo(isAnswered || labels[i] >= 0 ? 1 : 0);
        for (int c = 0; c < classes; c++) {
          double label = c == labels[i] ? 1 : 0;
          double soft = isAnswered ? softmax(teacher, c, temperature) : label;
          double expected = labels[i] < 0 ? soft : weight * soft + (1 - weight) * label;
          assertThat((double) target.values()[i * classes + c]).isCloseTo(expected, within(1e-6));
        }
      }
    }
  }

  @Test
  void theTargetOfOneTextIsThatOfItsRow() throws IOException {
    float[][][] answers = answers();
    write(answers);
    TeacherTargets targets = targets(0.7, 2);
    for (int row = 0; row < ROWS; row++) {
      int[] labels = {random.nextInt(-1, 2), random.nextInt(-1, 3)};
      float[] flat =
          AnswerCache.open(targets, "train-00003.f32", new Configuration())
              .row(row, targets.width());

      float[] found = targets.of(flat, labels);

      int from = 0;
      for (int head = 0; head < labels.length; head++) {
        Target target = new Target(new float[CLASSES.get(head)], new float[1]);
        if (labels[head] >= 0) {
          target.values()[labels[head]] = 1;
          target.mask()[0] = 1;
        }
        targets.apply(List.of(new Row(SHARD, null, row, 0)), head, target, new Configuration());
        float[] expected = target.values();
        if (target.mask()[0] == 0) {
          Arrays.fill(expected, Float.NaN);
        }
        assertThat(Arrays.copyOfRange(found, from, from + expected.length)).isEqualTo(expected);
        from += expected.length;
      }
    }
    AnswerCache.clear();
  }

  /** Computes one value of softmax(logits / temperature), where the logits are ln p. */
  private static double softmax(float[] probabilities, int c, double temperature) {
    double sum = 0;
    for (float probability : probabilities) {
      sum += Math.exp(Math.log(probability) / temperature);
    }
    return Math.exp(Math.log(probabilities[c]) / temperature) / sum;
  }

  @Test
  void aCertainTeacherIsALabelToTheBitAtAnyTemperature() throws IOException {
    float[][][] answers = new float[ROWS][][];
    for (int row = 0; row < ROWS; row++) {
      answers[row] = new float[][] {{row % 2, 1 - row % 2}, {0, 1, 0}};
    }
    write(answers);
    for (double temperature : new double[] {1, 2}) {
      Target target = new Target(new float[4], new float[2]);

      targets(0.9, temperature)
          .apply(
              List.of(new Row(SHARD, null, 6, 0), new Row(SHARD, null, 7, 0)),
              0,
              target,
              new Configuration());

      assertThat(target.values()).containsExactly(0, 1, 1, 0);
      assertThat(target.mask()).containsExactly(1, 1);
      AnswerCache.clear();
    }
  }

  @Test
  void answersThatAreTooShortOrMissingAreNamed() throws IOException {
    write(answers());
    Target target = new Target(new float[2], new float[1]);
    TeacherTargets targets = targets(1, 1);

    assertThatThrownBy(
            () ->
                targets.apply(
                    List.of(new Row(SHARD, null, ROWS, 0)), 0, target, new Configuration()))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("train-00003.f32' has 200 values, its shard needs at least 205;")
        .hasMessageContaining("and train again");
    assertThatThrownBy(
            () ->
                targets.apply(
                    List.of(new Row("shards/train-00004.parquet", null, 0, 0)),
                    0,
                    target,
                    new Configuration()))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("train-00004.f32' are missing; remove '");
  }
}
