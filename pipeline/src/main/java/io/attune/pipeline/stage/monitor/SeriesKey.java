package io.attune.pipeline.stage.monitor;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;

/**
 * Names one series of daily counts.
 *
 * @param kind one of {@link #KINDS}
 * @param name of the series within its kind; empty for the market
 */
record SeriesKey(String kind, String name) implements Serializable, Comparable<SeriesKey> {
  static final String MARKET = "market";
  static final String TOPIC = "topic";
  static final String SOURCE = "source";
  static final String ENTITY = "entity";

  /** Lists the kinds, the widest first. */
  static final List<String> KINDS = List.of(MARKET, TOPIC, SOURCE, ENTITY);

  /** Holds every document. */
  static final SeriesKey ALL = new SeriesKey(MARKET, "");

  private static final String SHARE_OF = "share of ";

  private static final Comparator<SeriesKey> ORDER =
      Comparator.comparingInt((SeriesKey key) -> KINDS.indexOf(key.kind))
          .thenComparing(SeriesKey::name);

  /** Reads the name of a series, or of its share. */
  static SeriesKey parse(String series) {
    String bare = series.startsWith(SHARE_OF) ? series.substring(SHARE_OF.length()) : series;
    int colon = bare.indexOf(':');
    return colon < 0 ? ALL : new SeriesKey(bare.substring(0, colon), bare.substring(colon + 1));
  }

  /** Returns whether a name is that of a share. */
  static boolean isShare(String series) {
    return series.startsWith(SHARE_OF);
  }

  /**
   * Returns the name in annotations, tables and files: {@code market}, {@code topic:regulation}.
   */
  String series() {
    return name.isEmpty() ? kind : kind + ":" + name;
  }

  /** Returns the name of the negative share of the series. */
  String share() {
    return SHARE_OF + series();
  }

  @Override
  public int compareTo(SeriesKey other) {
    return ORDER.compare(this, other);
  }
}
