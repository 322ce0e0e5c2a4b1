package io.attune.pipeline.stage.train.teacher;

import io.attune.pipeline.stage.train.data.RowInputs.Row;
import io.attune.pipeline.stage.train.data.RowTargets;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Mixes a teacher's probabilities into the labels of rows: {@code weight * teacher + (1 - weight) *
 * label}, or the teacher's alone where there is no label. A head that the teacher does not answer
 * keeps its label.
 *
 * @param folder absolute path of the published answers
 * @param seal of their manifest: others may have had the same folder before
 * @param classes number of classes of each head
 * @param weight fraction of a labelled row's target that is the teacher's
 * @param temperature by which its logits are divided
 */
record TeacherTargets(
    String folder, String seal, List<Integer> classes, double weight, double temperature)
    implements RowTargets {
  private static final long serialVersionUID = 1;

  TeacherTargets {
    classes = List.copyOf(classes);
  }

  /** Returns the name of the file with the answers to the rows of a shard. */
  static String file(String shard) {
    String name = shard.substring(shard.lastIndexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    return (dot < 0 ? name : name.substring(0, dot)) + ".f32";
  }

  /** Returns the values of one row: the classes of all heads. */
  int width() {
    return classes.stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public void apply(List<Row> rows, int head, Target target, Configuration files)
      throws IOException {
    int width = width();
    int before = classes.subList(0, head).stream().mapToInt(Integer::intValue).sum();
    double[] teacher = new double[classes.get(head)];
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      float[] answers = AnswerCache.open(this, file(row.file()), files).row(row.row(), width);
      if (Float.isNaN(answers[before])) {
        continue;
      }
      soften(answers, before, teacher);
      mix(teacher, target, i);
    }
  }

  /**
   * Returns the target of one row, the classes of all heads one after the other; NaN for a head of
   * which nothing is known.
   *
   * @param answers of the teacher
   * @param labels class by head, -1 where there is none
   */
  float[] of(float[] answers, int[] labels) {
    float[] all = new float[width()];
    int from = 0;
    for (int head = 0; head < labels.length; head++) {
      Target target = new Target(new float[classes.get(head)], new float[1]);
      if (labels[head] >= 0) {
        target.values()[labels[head]] = 1;
        target.mask()[0] = 1;
      }
      if (!Float.isNaN(answers[from])) {
        double[] teacher = new double[target.classes()];
        soften(answers, from, teacher);
        mix(teacher, target, 0);
      }
      if (target.mask()[0] == 0) {
        Arrays.fill(target.values(), Float.NaN);
      }
      System.arraycopy(target.values(), 0, all, from, target.classes());
      from += target.classes();
    }
    return all;
  }

  /** Computes softmax(logits / temperature): the logarithms of probabilities are such logits. */
  private void soften(float[] answers, int from, double[] result) {
    if (temperature == 1) {
      for (int c = 0; c < result.length; c++) {
        result[c] = answers[from + c];
      }
      return;
    }
    double highest = 0;
    for (int c = 0; c < result.length; c++) {
      highest = Math.max(highest, answers[from + c]);
    }
    double sum = 0;
    for (int c = 0; c < result.length; c++) {
      result[c] = Math.pow(answers[from + c] / highest, 1 / temperature);
      sum += result[c];
    }
    for (int c = 0; c < result.length; c++) {
      result[c] /= sum;
    }
  }

  private void mix(double[] teacher, Target target, int row) {
    double share = target.mask()[row] == 0 ? 1 : weight;
    float[] values = target.values();
    for (int c = 0; c < teacher.length; c++) {
      int at = row * teacher.length + c;
      values[at] = (float) (share * teacher[c] + (1 - share) * values[at]);
    }
    target.mask()[row] = 1;
  }
}
