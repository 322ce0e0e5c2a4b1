package io.attune.neural.network;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.network.ModelConfig.Kind;
import java.util.Locale;

/**
 * Configures distillation (Hinton et al. 2015): a small network, the student, learns from the
 * probabilities of a published model, its teacher.
 *
 * <p>The target of a row is {@code weight} times the teacher's probabilities plus {@code 1 -
 * weight} times the one-hot label, or the teacher's probabilities alone where there is no label.
 *
 * @param from the teacher: {@code current}, or the version of a published model; {@code none} or
 *     empty for training on labels alone
 * @param to kind of the student, which has a vocabulary of its own
 * @param weight fraction of a labelled row's target that is the teacher's
 * @param temperature by which the teacher's logits are divided; above 1 its probabilities are
 *     closer to each other, and 1 takes them as they are
 */
public record DistilConfig(String from, Kind to, double weight, double temperature) {
  /** Names the teacher that is the current model of the task. */
  public static final String CURRENT = "current";

  private static final String NO_TEACHER = "none";
  private static final double MAX_TEMPERATURE = 100;

  /** Holds the defaults; without a teacher. */
  public static final DistilConfig OFF = new DistilConfig(NO_TEACHER, Kind.NGRAM_ATTENTION, 0.9, 1);

  public DistilConfig {
    require(from != null, "from must be current, the version of a published model, or none");
    require(
        to != null && to != Kind.LINEAR,
        "to must be a kind of network, such as ngram-attention, got %s; a linear part stands"
            + " beside the student with model.linear: true",
        to == null ? "nothing" : word(to));
    require(weight > 0 && weight <= 1, "weight must be in (0, 1], got %s", weight);
    require(
        temperature > 0 && temperature <= MAX_TEMPERATURE,
        "temperature must be in (0, %s], got %s",
        MAX_TEMPERATURE,
        temperature);
  }

  /** Checks that a model of a kind can be the student, if there is a teacher. */
  static void requireFits(DistilConfig distil, Kind kind) {
    require(distil != null, "distil must give from, to, weight and temperature");
    require(
        !distil.hasTeacher() || kind == distil.to,
        "kind is %s, and distil.to makes the network a student of kind %s; leave kind out, or give"
            + " both the same",
        word(kind),
        word(distil.to));
  }

  private static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns whether a student is to be trained. */
  public boolean hasTeacher() {
    return !from.isEmpty() && !from.equals(NO_TEACHER);
  }
}
