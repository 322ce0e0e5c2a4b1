package io.attune.jobs.demo;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Generates the clean texts of one channel, each with its true labels. */
final class TextGenerator {
  /** Holds the amplitude of the fraction of negative texts around one third. */
  private static final double SWING = 0.12;

  /** Holds the period of that oscillation, in days. */
  private static final double SWING_DAYS = 35;

  /** Holds the fraction of the news of the second night that belongs to the surge. */
  private static final double SURGE_FRACTION = 0.16;

  private static final double SURGE_NEGATIVE = 0.9;

  private final Channel channel;
  private final Names names;
  private final Grammar grammar;
  private final Random random;

  TextGenerator(Channel channel, Random random) {
    Channel.Style style = channel.style();
    this.channel = channel;
    this.names = Names.in(style.language());
    this.grammar = Grammar.parse(Names.lines(style.kind() + "-" + style.language() + ".txt"));
    this.random = random;
  }

  /** Generates the texts of a night, unordered. */
  List<Item> write(Night night) {
    int count = channel.volume().of(night);
    boolean surges = night.equals(Night.SECOND) && channel.style().isNews();
    int surge = surges ? (int) (SURGE_FRACTION * count) : 0;
    List<Item> items = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String id =
          "%s-%s-%05d".formatted(channel.name(), night.date().toString().replace("-", ""), i);
      items.add(i < surge ? surging(id) : ordinary(id, night.moment(random)));
    }
    return items;
  }

  private Item ordinary(String id, LocalDateTime moment) {
    List<Names.Subject> subjects = channel.style().isNews() ? names.companies() : names.products();
    int drawn = random.nextInt(subjects.size());
    double phase = (double) drawn / subjects.size();
    Sentiment sentiment = sentiment(moment, phase);
    String topic = any(channel.style().topics());
    return item(id, moment, subjects.get(drawn), spec(sentiment, topic));
  }

  private Item surging(String id) {
    Names.Subject subject =
        names.companies().stream()
            .filter(company -> company.key().equals(DemoCorpus.SURGE_TICKER))
            .findFirst()
            .orElseThrow();
    int days = (int) (DemoCorpus.SECOND_NIGHT.toEpochDay() - DemoCorpus.SURGE_FROM.toEpochDay());
    LocalDateTime moment =
        Night.moment(DemoCorpus.SURGE_FROM.plusDays(random.nextInt(days)), random);
    boolean negative = random.nextDouble() < SURGE_NEGATIVE;
    Sentiment sentiment = negative ? Sentiment.NEGATIVE : Sentiment.NEGATIVE.other(random);
    return item(id, moment, subject, spec(sentiment, DemoCorpus.SURGE_TOPIC));
  }

  private TextSpec spec(Sentiment sentiment, String topic) {
    return new TextSpec(sentiment, topic, channel.style().topics(), Map.of());
  }

  /** Draws a sentiment whose probability oscillates, so that timelines have a shape. */
  private Sentiment sentiment(LocalDateTime moment, double phase) {
    double turns = moment.toLocalDate().toEpochDay() / SWING_DAYS + phase;
    double negative = 1.0 / 3 + SWING * StrictMath.sin(2 * Math.PI * turns);
    double draw = random.nextDouble();
    if (draw < negative) {
      return Sentiment.NEGATIVE;
    }
    return draw < negative + 1.0 / 3 ? Sentiment.NEUTRAL : Sentiment.POSITIVE;
  }

  private Item item(String id, LocalDateTime moment, Names.Subject subject, TextSpec what) {
    String source = any(channel.style().sources());
    Map<String, String> words = new HashMap<>(subject.words());
    words.put("day", weekday(moment.getDayOfWeek()));
    words.put("shop", source);
    String about = subject.key();
    if (channel.style().isNews()) {
      Names.Subject rival = rivalOf(subject);
      words.put("rival", rival.words().get("company"));
      about = about + " " + rival.key();
    }
    TextSpec spec = what.with(words);
    String title = Typography.of(grammar.expand("headline", spec, random));
    String text = Typography.of(grammar.expand("body", spec, random));
    String sentiment = what.sentiment().label();
    return new Item(id, title, text, moment, source, about, what.topic(), sentiment);
  }

  private Names.Subject rivalOf(Names.Subject subject) {
    List<Names.Subject> others =
        names.companies().stream().filter(company -> !company.equals(subject)).toList();
    return any(others);
  }

  private String weekday(DayOfWeek day) {
    return channel.style().isChinese()
        ? "周" + "一二三四五六日".charAt(day.getValue() - 1)
        : day.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
