package io.attune.pipeline.stage.monitor;

import static io.attune.schemas.Requirements.require;

import io.attune.pipeline.advice.AdviceConfig;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * Configures how the documents that a model has read become trends, alerts and advice.
 *
 * @param enabled whether the stage does anything
 * @param headlines shown with an alert, and with a topic, at most
 */
public record MonitorConfig(
    boolean enabled,
    Heads heads,
    Entities entities,
    Days days,
    Surges surges,
    int headlines,
    AdviceConfig advice) {
  /** Stands for what the stage finds out itself. */
  public static final String AUTO = "auto";

  /** Stands for a head that is not looked for. */
  public static final String NONE = "none";

  private static final int MOST_HEADLINES = 50;

  public MonitorConfig {
    require(
        headlines >= 1 && headlines <= MOST_HEADLINES,
        "headlines must be in [1, %d], got %d",
        MOST_HEADLINES,
        headlines);
  }

  /**
   * Says which answers are moods and topics.
   *
   * @param sentiment the head whose classes are moods: its name, none, or auto for the first with a
   *     class that is known to be negative
   * @param negative its negative classes; only auto for those that are known to be
   * @param topic the head whose classes are topics: its name, none, or auto for the one named
   *     topic, or the only other one
   */
  public record Heads(String sentiment, List<String> negative, String topic) {
    public Heads {
      require(!sentiment.isBlank(), "heads.sentiment must name a head, or be auto or none");
      require(!topic.isBlank(), "heads.topic must name a head, or be auto or none");
      negative = List.copyOf(negative);
      require(!negative.isEmpty(), "heads.negative must name classes, or be [auto]");
    }
  }

  /**
   * Says whom a text is about.
   *
   * @param columns of the corpora, kept with the documents; only auto for those that they name so
   * @param separators characters between several values in one field; a JSON list needs none
   * @param most series of a kind that are followed, the most frequent of the last weeks; those with
   *     an alert on the judged days are followed besides
   */
  public record Entities(List<String> columns, String separators, int most) {
    private static final int LARGEST = 10_000;

    public Entities {
      columns = List.copyOf(columns);
      require(
          most >= 1 && most <= LARGEST, "entities.most must be in [1, %d], got %d", LARGEST, most);
    }

    boolean isAuto() {
      return columns.equals(List.of(AUTO));
    }
  }

  /**
   * Says what a day is and how many count.
   *
   * @param zone in which a day begins
   * @param judged the last days that are judged anew each night, since documents come late
   * @param history days that are counted, back from the last
   * @param shown days in charts
   */
  public record Days(String zone, int judged, int history, int shown) {
    private static final int LONGEST_JUDGED = 60;
    private static final int LONGEST_HISTORY = 4_000;

    public Days {
      try {
        ZoneId.of(zone);
      } catch (DateTimeException e) {
        throw new IllegalArgumentException(
            "days.zone must be a time zone such as UTC or Asia/Shanghai, got '%s'".formatted(zone),
            e);
      }
      require(
          judged >= 1 && judged <= LONGEST_JUDGED,
          "days.judged must be in [1, %d], got %d",
          LONGEST_JUDGED,
          judged);
      require(
          history >= judged && history <= LONGEST_HISTORY,
          "days.history must be in [%d, %d], got %d",
          judged,
          LONGEST_HISTORY,
          history);
      require(
          shown >= 1 && shown <= history, "days.shown must be in [1, %d], got %d", history, shown);
    }
  }

  /**
   * Says when a rise is a surge, and for how long it is one.
   *
   * @param minimumCount negative documents of a series in a day without which there is no alert
   * @param level probability of a false alarm of one series in a day, before the rate of false
   *     discoveries over all of them
   * @param falseDiscoveries fraction of alarms that may be false
   * @param runLength mean days between two false alarms of the share of one series
   * @param quietDays days without an alarm that end an alert
   * @param cooldownDays days after that in which an alarm continues it, unless it is more severe
   * @param annotations a file of days that raise no alert and that nothing is learnt from; empty
   *     for none
   * @param holidays a file of market holidays; empty for none
   */
  public record Surges(
      int minimumCount,
      double level,
      double falseDiscoveries,
      double runLength,
      int quietDays,
      int cooldownDays,
      String annotations,
      String holidays) {
    public Surges {
      require(minimumCount >= 1, "surges.minimum-count must be at least 1, got %d", minimumCount);
      require(level > 0 && level < 0.5, "surges.level must be in (0, 0.5), got %s", level);
      require(
          falseDiscoveries > 0 && falseDiscoveries <= 1,
          "surges.false-discoveries must be in (0, 1], got %s",
          falseDiscoveries);
      require(runLength > 1, "surges.run-length must be above 1 day, got %s", runLength);
      require(quietDays >= 1, "surges.quiet-days must be at least 1, got %d", quietDays);
      require(cooldownDays >= 0, "surges.cooldown-days must be at least 0, got %d", cooldownDays);
    }
  }

  /** Returns the same with the columns of entities that corpora name, where these are auto. */
  public MonitorConfig withEntitiesOf(List<String> named) {
    return entities.isAuto()
        ? new MonitorConfig(
            enabled,
            heads,
            new Entities(named, entities.separators(), entities.most()),
            days,
            surges,
            headlines,
            advice)
        : this;
  }

  /** Returns the same with columns of labels, by head, for heads whose column is not named. */
  public MonitorConfig withLabelColumns(Map<String, String> corpora) {
    return new MonitorConfig(
        enabled, heads, entities, days, surges, headlines, advice.withColumnsOf(corpora));
  }
}
