package io.attune.schemas.report;

import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.report.SurgeAlert.Course;
import io.attune.schemas.report.SurgeAlert.Headline;
import java.util.List;

/**
 * Holds what the page of the mood shows beside the alerts: {@code mood.json}.
 *
 * @param version of this format
 * @param date of the night
 * @param today the last day with documents, up to that of the night; absent if there is none
 * @param model in use; absent if there is none
 * @param note why there are no trends, or no alerts; absent if there are
 * @param series the market first, then topics, sources and entities, each the most frequent first
 * @param stories the most negative headlines of today, by series
 * @param explained surges that the change of model explains
 */
public record Mood(
    int version,
    String task,
    String run,
    String date,
    String today,
    String model,
    String note,
    Asked asked,
    Arrivals arrivals,
    List<Series> series,
    List<LeftOut> leftOut,
    List<Story> stories,
    List<Explained> explained) {
  public static final int VERSION = 1;
  public static final String FILE_NAME = "mood.json";

  /** Names the page that shows it, next to that of the night. */
  public static final String PAGE = "mood.html";

  public Mood {
    series = List.copyOf(series);
    leftOut = List.copyOf(leftOut);
    stories = List.copyOf(stories);
    explained = List.copyOf(explained);
  }

  /**
   * Says what was asked of the documents.
   *
   * @param zone the time zone of the day
   * @param sentiment the head whose classes are moods; absent without one
   * @param negative its negative classes
   * @param topic the head whose classes are topics; absent without one
   * @param entities columns that name whom a text is about
   */
  public record Asked(
      String zone, String sentiment, List<String> negative, String topic, List<String> entities) {
    public Asked {
      negative = List.copyOf(negative);
      entities = List.copyOf(entities);
    }
  }

  /**
   * Counts the documents of the night.
   *
   * @param documents that came in, after cleaning
   * @param unread that no model has read
   * @param undated without a day, which count for no trend
   * @param future of days after the night, which count when their day has come
   * @param late of days that an earlier night had judged already; they change these days
   * @param tooLate those of them whose days are no longer judged
   */
  public record Arrivals(
      long documents, long unread, long undated, long future, long late, long tooLate) {}

  /**
   * Holds the daily counts of one series.
   *
   * @param kind {@code market}, {@code topic}, {@code source} or {@code entity}
   * @param name empty for the market
   * @param course the last days
   * @param today the last day
   * @param before the four weeks before it
   */
  public record Series(String kind, String name, Course course, Rate today, Rate before) {}

  /**
   * Holds the share of negative documents over some days.
   *
   * @param share as the model answered; absent without documents, or without a sentiment
   * @param corrected for the model's own errors; absent where that is not possible
   * @param interval of 95 % of the corrected share; absent likewise
   */
  public record Rate(
      long documents, long negative, Double share, Double corrected, Interval interval) {}

  /** Counts the series of a kind that are too rare to be followed, and their documents. */
  public record LeftOut(String kind, long series, long documents) {}

  /** Holds the most negative headlines of one series today. */
  public record Story(String kind, String name, List<Headline> headlines) {
    public Story {
      headlines = List.copyOf(headlines);
    }
  }

  /**
   * Describes a surge that the change of model explains: no alert was raised.
   *
   * @param expected as the earlier model would have it
   * @param factor how many times as many of the same documents are negative to the new model
   * @param documents that both models have read
   */
  public record Explained(
      String series,
      String day,
      long seen,
      double expected,
      double factor,
      long documents,
      String before,
      String now) {}
}
