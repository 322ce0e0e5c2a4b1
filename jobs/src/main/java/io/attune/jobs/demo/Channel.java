package io.attune.jobs.demo;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * Describes a supplier of texts: one file per night, with its own format, language and style.
 *
 * @param name prefix of the ids of its texts
 * @param pathPattern path of its files, with a placeholder for the date of the night
 */
record Channel(String name, String pathPattern, Style style, Layout layout, Volume volume) {
  static final Channel NEWSWIRE_EN =
      new Channel(
          "newswire-en",
          "news/%s/newswire-en.jsonl.gz",
          Style.news("en", List.of("Northwire", "Ledger Daily", "Harbour Press", "Morning Tape")),
          new Layout(
              RowFormat.JSON_LINES, "id,headline,body,published,source,tickers", instant("Z")),
          new Volume(6400, 1200));

  static final Channel NEWSWIRE_ZH =
      new Channel(
          "newswire-zh",
          "news/%s/newswire-zh.csv",
          Style.news("zh", List.of("财经快线", "港湾社", "北辰资讯")),
          new Layout(
              RowFormat.CSV, "id,title,content,published_at,source,tickers", instant("+08:00")),
          new Volume(4900, 900));

  static final Channel SHOP_EN =
      new Channel(
          "shop-en",
          "reviews/%s/shop-en.tsv",
          Style.reviews("en", List.of("Brightcart", "Old Mill Store", "Parcelbay")),
          new Layout(RowFormat.TSV, "review_id,title,review,date,shop,product", date()),
          new Volume(4200, 800));

  static final Channel SHOP_ZH =
      new Channel(
          "shop-zh",
          "reviews/%s/shop-zh.jsonl",
          Style.reviews("zh", List.of("好物集", "百家铺", "云上商城")),
          new Layout(RowFormat.JSON_LINES, "id,title,text,time,shop,product", instant("+08:00")),
          new Volume(3900, 750));

  static List<Channel> all() {
    return List.of(NEWSWIRE_EN, NEWSWIRE_ZH, SHOP_EN, SHOP_ZH);
  }

  /** Describes language, topics and sources of the texts. */
  record Style(String kind, String language, List<String> topics, List<String> sources) {
    static Style news(String language, List<String> sources) {
      List<String> topics = List.of("earnings", "mergers", "regulation", "markets");
      return new Style("news", language, topics, sources);
    }

    static Style reviews(String language, List<String> sources) {
      List<String> topics = List.of("delivery", "quality", "service", "price");
      return new Style("reviews", language, topics, sources);
    }

    boolean isNews() {
      return kind.equals("news");
    }

    boolean isChinese() {
      return language.equals("zh");
    }
  }

  /** Describes format and columns of the file; the columns of the labels come last. */
  record Layout(RowFormat format, String columns, DateTimeFormatter dates) {
    List<String> header() {
      return List.of((columns + ",topic,sentiment").split(",", -1));
    }

    int dateColumn() {
      return 3;
    }
  }

  /** Holds the number of new texts of each night, repeated ones not counted. */
  record Volume(int first, int second) {
    int of(Night night) {
      return night.equals(Night.FIRST) ? first : second;
    }
  }

  /** Returns the path of a night's file below the folder of the demo. */
  String path(Night night) {
    return pathPattern.formatted(night.date());
  }

  /** Returns the cells of one row, in the order of the header. */
  List<String> row(Item item) {
    return List.of(
        item.id(),
        item.title(),
        item.text(),
        date(item.published()),
        item.source(),
        item.about(),
        item.topic(),
        item.sentiment());
  }

  private String date(LocalDateTime utc) {
    return layout.dates().format(utc.atOffset(ZoneOffset.UTC));
  }

  private static DateTimeFormatter instant(String zone) {
    return DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssXXX").withZone(ZoneId.of(zone));
  }

  private static DateTimeFormatter date() {
    return DateTimeFormatter.ISO_LOCAL_DATE;
  }
}
