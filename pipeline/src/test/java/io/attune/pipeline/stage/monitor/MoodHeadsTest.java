package io.attune.pipeline.stage.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import java.util.List;
import org.junit.jupiter.api.Test;

class MoodHeadsTest {
  private static final MonitorConfig.Heads AUTO =
      new MonitorConfig.Heads("auto", List.of("auto"), "auto");
  private static final Head TOPIC = new Head("topic", List.of("earnings", "mergers"));

  @Test
  void knowsWhatIsNegativeInMostNamings() {
    assertThat(negative("sentiment", "negative", "neutral", "positive"))
        .containsExactly("negative");
    assertThat(negative("x", "Bearish", "Bullish")).containsExactly("Bearish");
    assertThat(negative("评价", "好评", "差评")).containsExactly("差评");
    assertThat(negative("sentiment", "0", "1")).containsExactly("0");
    assertThat(negative("stars", "5", "4", "3", "2", "1")).containsExactly("1", "2");
    assertThat(negative("spam", "0", "1")).isEmpty();
  }

  @Test
  void topicIsTheHeadOfThatNameOrTheOnlyOther() {
    Head mood = new Head("mood", List.of("negative", "positive"));
    Head other = new Head("category", List.of("a", "b"));

    assertThat(of(mood, TOPIC, other).topic()).contains("topic");
    assertThat(of(other, mood).topic()).contains("category");
    assertThat(of(other, mood, new Head("third", List.of("a", "b"))).topic()).isEmpty();
  }

  @Test
  void withoutAMoodTopicsAloneAreFollowedAndTheReasonIsSaid() {
    MoodHeads heads = of(TOPIC);

    assertThat(heads.sentiment()).isEmpty();
    assertThat(heads.topic()).contains("topic");
    assertThat(heads.note())
        .startsWith("No head has a class that is known to be negative")
        .endsWith("The heads are: 'topic'");
  }

  @Test
  void aHeadThatTheModelInUseLacksIsSaid() {
    MoodHeads heads =
        MoodHeads.of(
            new LabelSets(List.of(TOPIC)),
            new MonitorConfig.Heads("tone", List.of("dire"), "none"));

    assertThat(heads.note()).contains("has no head 'tone'", "its heads are: 'topic'");
    assertThat(heads.topic()).isEmpty();
  }

  private static List<String> negative(String name, String... classes) {
    return of(new Head(name, List.of(classes))).negative();
  }

  private static MoodHeads of(Head... heads) {
    return MoodHeads.of(new LabelSets(List.of(heads)), AUTO);
  }
}
