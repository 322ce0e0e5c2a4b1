package io.attune.pipeline.stage.monitor;

import io.attune.pipeline.figure.Figures;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Holds which heads of a model are read as mood and as topic.
 *
 * @param sentiment the head of moods; empty if there is none
 * @param negative its negative classes; empty without it
 * @param topic the head of topics; empty if there is none
 * @param note why something is missing; empty if nothing is
 */
record MoodHeads(
    Optional<String> sentiment, List<String> negative, Optional<String> topic, String note) {
  /** Lists classes that mean a negative mood, in lower case. */
  private static final Set<String> NEGATIVE =
      Set.of(
          "negative",
          "neg",
          "very negative",
          "very_negative",
          "strongly negative",
          "bearish",
          "bad",
          "unhappy",
          "dissatisfied",
          "差评",
          "消极",
          "负面",
          "负向",
          "利空",
          "看空",
          "不满意",
          "-1",
          "-2");

  /** Lists names of heads whose classes may be numbers that mean moods. */
  private static final Set<String> MOODS =
      Set.of(
          "sentiment", "mood", "polarity", "label", "tone", "rating", "stars", "score", "情感", "评分");

  private static final Set<String> TWO = Set.of("0", "1");
  private static final Set<String> STARS = Set.of("1", "2", "3", "4", "5");

  MoodHeads {
    negative = List.copyOf(negative);
  }

  /**
   * Chooses among the heads of a model.
   *
   * @param wanted names that the model lacks are said in the note
   */
  static MoodHeads of(LabelSets labels, MonitorConfig.Heads wanted) {
    Optional<Head> sentiment = sentiment(labels, wanted);
    List<String> negative = sentiment.map(head -> negative(head, wanted)).orElse(List.of());
    boolean asked = !wanted.sentiment().equals(MonitorConfig.NONE);
    String note = "";
    if (sentiment.isEmpty() && asked) {
      note =
          wanted.sentiment().equals(MonitorConfig.AUTO)
              ? "No head has a class that is known to be negative, so no mood is followed and no"
                  + " alert is raised; name it with monitor.heads.sentiment and"
                  + " monitor.heads.negative. The heads are: "
                  + heads(labels)
              : "The model in use has no head '%s', so no alert is raised; its heads are: %s"
                  .formatted(wanted.sentiment(), heads(labels));
    } else if (sentiment.isPresent() && negative.isEmpty()) {
      note =
          "The head '%s' has none of the classes of monitor.heads.negative, so no alert is raised;"
                  .formatted(sentiment.get().name())
              + " its classes are: "
              + Figures.quoted(sentiment.get().classes());
      sentiment = Optional.empty();
    }
    String mood = sentiment.map(Head::name).orElse("");
    return new MoodHeads(
        sentiment.map(Head::name), negative, topic(labels, wanted.topic(), mood), note);
  }

  private static String heads(LabelSets labels) {
    return Figures.quoted(labels.heads().stream().map(Head::name).toList());
  }

  private static Optional<Head> sentiment(LabelSets labels, MonitorConfig.Heads wanted) {
    if (wanted.sentiment().equals(MonitorConfig.NONE)) {
      return Optional.empty();
    }
    return wanted.sentiment().equals(MonitorConfig.AUTO)
        ? labels.heads().stream().filter(head -> !negative(head, wanted).isEmpty()).findFirst()
        : labels.head(wanted.sentiment());
  }

  private static List<String> negative(Head head, MonitorConfig.Heads wanted) {
    if (!wanted.negative().equals(List.of(MonitorConfig.AUTO))) {
      return head.classes().stream().filter(wanted.negative()::contains).toList();
    }
    List<String> known =
        head.classes().stream()
            .filter(label -> NEGATIVE.contains(label.strip().toLowerCase(Locale.ROOT)))
            .toList();
    boolean isMood = MOODS.contains(head.name().strip().toLowerCase(Locale.ROOT));
    if (!known.isEmpty() || !isMood) {
      return known;
    }
    Set<String> classes = Set.copyOf(head.classes());
    if (classes.equals(TWO)) {
      return List.of("0");
    }
    return classes.equals(STARS) ? List.of("1", "2") : List.of();
  }

  private static Optional<String> topic(LabelSets labels, String wanted, String sentiment) {
    if (wanted.equals(MonitorConfig.NONE)) {
      return Optional.empty();
    }
    List<String> others =
        labels.heads().stream().map(Head::name).filter(name -> !name.equals(sentiment)).toList();
    if (!wanted.equals(MonitorConfig.AUTO)) {
      return others.stream().filter(wanted::equals).findFirst();
    }
    Optional<String> named =
        others.stream().filter(name -> name.toLowerCase(Locale.ROOT).contains("topic")).findFirst();
    return named.isPresent() || others.size() != 1 ? named : Optional.of(others.get(0));
  }
}
