package io.attune.schemas.report;

import io.attune.schemas.report.Evaluation.AttendedSpan;
import java.util.List;

/**
 * Describes one surge of negative news, as people and programs are told of it.
 *
 * @param id the same in every night: of the series and the day on which the surge began
 * @param change {@link #RAISED}, {@link #WORSENED}, {@link #GOES_ON}, {@link #ENDED} or {@link
 *     #WITHDRAWN}
 * @param severity {@code notice}, {@code warning} or {@code severe}
 * @param peak what was counted on the day of the peak
 * @param covers further series above their limits that this surge explains
 * @param model the version of the model whose answers were counted
 * @param headlines the most negative first, copies of one text once
 * @param words that the model attended to in these headlines, the most attended first
 * @param course the daily counts up to the last day
 */
public record SurgeAlert(
    String id,
    Subject subject,
    String change,
    String severity,
    Span span,
    Peak peak,
    List<String> covers,
    String model,
    List<Headline> headlines,
    List<Word> words,
    Course course) {
  /** Says that this night is the first to tell of it. */
  public static final String RAISED = "raised";

  /** Says that it is more severe than it was in the night before. */
  public static final String WORSENED = "worsened";

  /** Says that it is as it was. */
  public static final String GOES_ON = "goes-on";

  /** Says that enough quiet days followed. */
  public static final String ENDED = "ended";

  /** Says that what is known now, of late documents for example, raises it no more. */
  public static final String WITHDRAWN = "withdrawn";

  public SurgeAlert {
    covers = List.copyOf(covers);
    headlines = List.copyOf(headlines);
    words = List.copyOf(words);
  }

  /**
   * Says what surged.
   *
   * @param series the name that annotations use, such as {@code topic:regulation}
   * @param kind {@code market}, {@code topic}, {@code source} or {@code entity}
   * @param name of the series within its kind; empty for the market
   * @param measure {@code count} of negative documents, or their {@code share}
   */
  public record Subject(String series, String kind, String name, String measure) {}

  /** Holds the days of a surge, ISO 8601: the first, that of the highest count, the last so far. */
  public record Span(String since, String peak, String last) {
    /** Returns the first and the last day in words, or the one day that it has lasted. */
    public String days() {
      return since.equals(last) ? since : since + " to " + last;
    }
  }

  /**
   * Holds how the day of the peak compares with what its past lets expect.
   *
   * @param seen negative documents
   * @param expected the mean of such a day
   * @param limit the highest count that is no surge
   * @param p the probability of at least so many on such a day; for a share, the reciprocal of the
   *     days between false alarms
   * @param q the same adjusted over all series of the night
   * @param method how it was judged, in words
   * @param note what else is to know; may be empty
   */
  public record Peak(
      long seen, double expected, double limit, double p, double q, String method, String note) {}

  /**
   * Holds one text.
   *
   * @param day of publication
   * @param source may be absent
   * @param text its beginning
   * @param probability of the negative classes together
   * @param copies texts of its cluster, itself included
   * @param attention over spans of {@code text}; empty if the model has none
   */
  public record Headline(
      String id,
      String day,
      String source,
      String text,
      double probability,
      long copies,
      List<AttendedSpan> attention) {
    public Headline {
      attention = attention == null ? List.of() : List.copyOf(attention);
    }
  }

  /** Holds a word and the attention that it received, as a fraction of that of all headlines. */
  public record Word(String word, double weight) {}

  /** Holds daily counts from a first day on, ISO 8601. */
  public record Course(String first, List<Long> documents, List<Long> negative) {
    public Course {
      documents = List.copyOf(documents);
      negative = List.copyOf(negative);
    }
  }

  /** Returns whether it began in this night or is more severe than in the night before. */
  public boolean isRising() {
    return change.equals(RAISED) || change.equals(WORSENED);
  }

  /** Returns whether a reader who knew of it yesterday is to be told of it again. */
  public boolean isNews() {
    return isRising() || change.equals(WITHDRAWN);
  }
}
