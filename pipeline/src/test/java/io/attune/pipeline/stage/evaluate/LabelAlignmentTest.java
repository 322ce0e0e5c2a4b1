package io.attune.pipeline.stage.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelAlignmentTest {
  private static final LabelSets MODEL =
      new LabelSets(
          List.of(
              new Head("mood", List.of("down", "flat", "up")),
              new Head("kind", List.of("news", "review"))));
  private static final float[][] ANSWER = {{0.2f, 0.3f, 0.5f}, {0.9f, 0.1f}};

  @Test
  void leavesAnswersToTheSameQuestionsAsTheyAre() {
    assertThat(LabelAlignment.of(MODEL, MODEL).align(ANSWER)).isSameAs(ANSWER);
  }

  @Test
  void findsHeadsAndClassesByTheirNames() {
    float[][] aligned =
        align(new Head("kind", List.of("review", "news")), new Head("mood", List.of("up", "down")));

    assertThat(aligned[0]).containsExactly(0.1f, 0.9f);
    assertThat(aligned[1]).containsExactly(new float[] {0.5f / 0.7f, 0.2f / 0.7f}, within(1e-6f));
  }

  @Test
  void gives0ToAClassThatIsNew() {
    assertThat(align(new Head("kind", List.of("forum", "review", "news")))[0])
        .containsExactly(0f, 0.1f, 0.9f);
  }

  @Test
  void sharesProbabilityEvenlyWhereTheModelLeftNone() {
    float[][] sure = {{0, 1, 0}, {1, 0}};

    float[][] aligned =
        LabelAlignment.of(MODEL, new LabelSets(List.of(new Head("mood", List.of("down", "up")))))
            .align(sure);

    assertThat(aligned[0]).containsExactly(0.5f, 0.5f);
  }

  @Test
  void answersNoHeadThatTheModelDoesNotKnow() {
    float[][] aligned =
        align(new Head("author", List.of("a", "b")), new Head("kind", List.of("blog", "tweet")));

    assertThat(aligned[0]).isNull();
    assertThat(aligned[1]).isNull();
  }

  private static float[][] align(Head... tonight) {
    return LabelAlignment.of(MODEL, new LabelSets(List.of(tonight))).align(ANSWER);
  }
}
