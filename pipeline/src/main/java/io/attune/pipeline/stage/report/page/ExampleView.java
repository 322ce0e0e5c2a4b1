package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import io.attune.schemas.report.Evaluation.AttendedSpan;
import io.attune.schemas.report.Evaluation.Example;
import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Shows one test document with the attention of the candidate.
 *
 * @param language for the browser's choice of glyphs, such as {@code zh-Hans}; null if it is the
 *     page's
 * @param right whether the prediction is the label
 * @param most the words with most of the attention, with their fractions of it
 */
record ExampleView(
    String head,
    String id,
    String language,
    List<Piece> pieces,
    String expected,
    String predicted,
    boolean right,
    String probability,
    String most) {
  /** Bounds the shades of attention, which start at 0 for none. */
  private static final int STRONGEST = 6;

  /** Bounds from below, as a fraction of the strongest weight, what gets a shade. */
  private static final double FAINTEST = 0.08;

  private static final int MOST_CHARACTERS = 600;
  private static final int MOST_SPANS = 400;

  /**
   * Holds a part of the text with one weight of attention.
   *
   * @param css class of the shade; empty for none
   * @param tip the weight in words; null for none
   */
  record Piece(String text, String css, String tip) {}

  /** Holds the examples of one kind under their title. */
  record Group(String title, List<ExampleView> examples) {}

  /**
   * Groups the examples by kind. If there are too many, each kind and head keeps as many as the
   * others.
   */
  static Truncated<Group> grouped(List<Example> examples, int limit) {
    Map<List<String>, List<Example>> queues = new LinkedHashMap<>();
    for (Example example : examples) {
      queues
          .computeIfAbsent(List.of(example.kind(), example.head()), key -> new ArrayList<>())
          .add(example);
    }
    List<Example> chosen = new ArrayList<>();
    for (int turn = 0; chosen.size() < Math.min(limit, examples.size()); turn++) {
      for (List<Example> queue : queues.values()) {
        if (turn < queue.size() && chosen.size() < limit) {
          chosen.add(queue.get(turn));
        }
      }
    }
    Map<String, List<ExampleView>> byKind = new LinkedHashMap<>();
    for (List<Example> queue : queues.values()) {
      for (Example example : queue) {
        if (chosen.contains(example)) {
          byKind.computeIfAbsent(example.kind(), k -> new ArrayList<>()).add(of(example));
        }
      }
    }
    List<Group> groups =
        byKind.entrySet().stream()
            .map(entry -> new Group(title(entry.getKey()), List.copyOf(entry.getValue())))
            .toList();
    return new Truncated<>(groups, groups.size());
  }

  static ExampleView of(Example example) {
    return new ExampleView(
        Figures.cut(example.head(), 60),
        Figures.cut(example.id(), 40),
        language(example.text()),
        pieces(example.text(), example.attention()),
        Figures.cut(example.expected(), 60),
        Figures.cut(example.predicted(), 60),
        Objects.equals(example.expected(), example.predicted()),
        Figures.percent(example.probability()),
        most(example.text(), example.attention()));
  }

  private static String title(String kind) {
    return switch (kind) {
      case "worst-error" -> "Most confident errors";
      case "least-certain" -> "Least certain";
      case "typical" -> "Typical";
      default -> Figures.cut(kind, 40);
    };
  }

  /** Cuts the text at the spans; leaves out spans that overlap or lie outside. */
  static List<Piece> pieces(String text, List<AttendedSpan> attention) {
    int end = limit(text);
    double strongest = attention.stream().mapToDouble(AttendedSpan::weight).max().orElse(0);
    List<Piece> pieces = new ArrayList<>();
    int at = 0;
    for (AttendedSpan span : attention) {
      if (pieces.size() >= 2 * MOST_SPANS) {
        break;
      }
      boolean fits = span.start() >= at && span.end() > span.start() && span.end() <= end;
      if (!fits || splitsCharacter(text, span.start()) || splitsCharacter(text, span.end())) {
        continue;
      }
      int level = level(span.weight(), strongest);
      if (level == 0) {
        continue;
      }
      plain(pieces, text.substring(at, span.start()));
      pieces.add(
          new Piece(
              text.substring(span.start(), span.end()),
              "a" + level,
              Figures.percent(span.weight()) + " of the attention"));
      at = span.end();
    }
    plain(pieces, text.substring(at, end) + (end < text.length() ? "…" : ""));
    return List.copyOf(pieces);
  }

  private static void plain(List<Piece> pieces, String text) {
    if (!text.isEmpty()) {
      pieces.add(new Piece(text, "", null));
    }
  }

  private static int limit(String text) {
    int end = Math.min(text.length(), MOST_CHARACTERS);
    return splitsCharacter(text, end) ? end - 1 : end;
  }

  private static boolean splitsCharacter(String text, int at) {
    return at > 0
        && at < text.length()
        && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at));
  }

  private static int level(double weight, double strongest) {
    if (!(strongest > 0) || !(weight >= FAINTEST * strongest)) {
      return 0;
    }
    return (int) Math.ceil(STRONGEST * Math.min(1, weight / strongest));
  }

  private static String most(String text, List<AttendedSpan> attention) {
    return attention.stream()
        .filter(span -> span.start() >= 0 && span.end() > span.start())
        .filter(span -> span.end() <= text.length() && span.weight() > 0)
        .filter(span -> !text.substring(span.start(), span.end()).isBlank())
        .sorted(Comparator.comparingDouble(AttendedSpan::weight).reversed())
        .limit(3)
        .map(
            span ->
                "“"
                    + Figures.fit(text.substring(span.start(), span.end()).strip(), 24)
                    + "” "
                    + Figures.percent(span.weight()))
        .collect(Collectors.joining(", "));
  }

  /**
   * Returns Chinese for Han characters without kana: without a language, browsers may draw the
   * Japanese forms.
   */
  static String language(String text) {
    boolean han = text.codePoints().anyMatch(Character::isIdeographic);
    boolean kana =
        text.codePoints()
            .filter(Character::isLetter)
            .mapToObj(UnicodeScript::of)
            .anyMatch(s -> s == UnicodeScript.HIRAGANA || s == UnicodeScript.KATAKANA);
    if (han) {
      return kana ? "ja" : "zh-Hans";
    }
    return null;
  }
}
