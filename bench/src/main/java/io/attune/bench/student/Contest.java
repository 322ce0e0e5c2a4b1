package io.attune.bench.student;

import io.attune.bench.student.TimedModel.Work;
import io.attune.schemas.model.LabelSets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Lets a teacher and its student answer in turn, round after round. */
record Contest(TimedModel teacher, TimedModel student) {
  private static final Work NOTHING = new Work(0, 0, 0);

  /**
   * Holds what was measured.
   *
   * @param works of teacher and student, over all rounds
   * @param ratios documents per second of the student over those of the teacher, by round, rising
   * @param accuracies of teacher and student by head
   */
  @SuppressWarnings("ArrayRecordComponent") // Printed at once; never compared.
  record Result(List<String> names, List<Work> works, double[] ratios, List<double[]> accuracies) {

    /** Returns the lines of the result. */
    List<String> lines(LabelSets labels) {
      List<String> lines = new ArrayList<>();
      for (int model = 0; model < names.size(); model++) {
        Work work = works.get(model);
        StringBuilder accuracy = new StringBuilder();
        for (int head = 0; head < labels.heads().size(); head++) {
          accuracy.append(
              String.format(
                  Locale.ROOT,
                  ", %s %.2f %%",
                  labels.heads().get(head).name(),
                  100 * accuracies.get(model)[head]));
        }
        lines.add(
            String.format(
                Locale.ROOT,
                "  %-24s %,10.0f documents/s %,12.0f tokens/s%s",
                names.get(model),
                work.documentsPerSecond(),
                work.tokensPerSecond(),
                accuracy));
      }
      lines.add(
          String.format(
              Locale.ROOT,
              "  the student answers %.1f times as many documents per second (%.1f to %.1f)",
              median(),
              ratios[0],
              ratios[ratios.length - 1]));
      for (int head = 0; head < labels.heads().size(); head++) {
        lines.add(
            String.format(
                Locale.ROOT,
                "  accuracy of head '%s': %+.2f points",
                labels.heads().get(head).name(),
                100 * (accuracies.get(1)[head] - accuracies.get(0)[head])));
      }
      return lines;
    }

    double median() {
      int half = ratios.length / 2;
      return ratios.length % 2 == 1 ? ratios[half] : (ratios[half - 1] + ratios[half]) / 2;
    }
  }

  /**
   * Measures both; what they do for their accuracies is the warm-up.
   *
   * @param seconds of a model in a round, at least
   */
  Result measure(int rounds, double seconds) {
    List<double[]> accuracies = List.of(teacher.accuracies(), student.accuracies());
    warmUp(seconds);
    Work ofTeacher = NOTHING;
    Work ofStudent = NOTHING;
    double[] ratios = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      Work slow = teacher.run(seconds);
      Work fast = student.run(seconds);
      ratios[round] = fast.documentsPerSecond() / slow.documentsPerSecond();
      ofTeacher = ofTeacher.plus(slow);
      ofStudent = ofStudent.plus(fast);
    }
    Arrays.sort(ratios);
    return new Result(
        List.of(teacher.name(), student.name()), List.of(ofTeacher, ofStudent), ratios, accuracies);
  }

  private void warmUp(double seconds) {
    var unused = teacher.run(seconds);
    unused = student.run(2 * seconds);
  }
}
