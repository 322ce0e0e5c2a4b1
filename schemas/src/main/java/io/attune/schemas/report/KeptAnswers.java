package io.attune.schemas.report;

import java.util.List;

/**
 * Holds a handful of test documents with what the candidate answered to them in the evaluation:
 * {@code kept-answers.json}. Whoever opens the published model can ask it the same again.
 *
 * @param version of this format
 */
public record KeptAnswers(int version, List<KeptText> texts) {
  public static final int VERSION = 1;
  public static final String FILE_NAME = "kept-answers.json";

  public KeptAnswers {
    texts = List.copyOf(texts);
  }

  /**
   * Holds one document.
   *
   * @param text as models read it
   */
  public record KeptText(String id, String text, List<KeptAnswer> answers) {
    public KeptText {
      answers = List.copyOf(answers);
    }
  }

  /**
   * Holds one answer.
   *
   * @param model {@link Evaluation#CANDIDATE} or {@link Evaluation#CANDIDATE_LINEAR}
   * @param chosen the class of the highest probability
   * @param probability of that class
   */
  public record KeptAnswer(String model, String head, String chosen, double probability) {}
}
