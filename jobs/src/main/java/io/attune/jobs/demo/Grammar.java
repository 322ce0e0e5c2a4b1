package io.attune.jobs.demo;

import static io.attune.schemas.Requirements.require;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Expands a context-free grammar whose symbols depend on the sentiment and topic of a text.
 *
 * <p>Its file has sections, each a symbol in brackets followed by its alternatives, one a line:
 * {@code 3* text} is three times as likely as {@code text}, {@code ~} is nothing, {@code #} starts
 * a comment. {@code {act}} stands for a name of the text or else for the most specific of the
 * sections {@code act negative earnings}, {@code act negative}, {@code act earnings} and {@code
 * act}. {@code {opposite act}} says it with the opposite sentiment, {@code {other act}} with one of
 * the two others, {@code {elsewhere act}} of another topic and neutrally.
 */
final class Grammar {
  private static final Pattern WEIGHTED = Pattern.compile("(?:(\\d+)\\* )?(.*)");
  private static final Pattern SYMBOL =
      Pattern.compile("\\{(?:(other|opposite|elsewhere) )?([a-z ]+)}");

  /** Limits the draws before an alternative is used a second time in a text. */
  private static final int DRAWS = 8;

  private final Map<String, Section> sections;

  private Grammar(Map<String, Section> sections) {
    this.sections = sections;
  }

  /** Reads a grammar; its references are followed only as it is expanded. */
  static Grammar parse(List<String> lines) {
    Map<String, List<String>> alternatives = new LinkedHashMap<>();
    String symbol = "";
    for (String line : lines) {
      if (line.startsWith("[")) {
        symbol = line.substring(1, line.length() - 1);
        require(!alternatives.containsKey(symbol), "section [%s] occurs twice", symbol);
        alternatives.put(symbol, new ArrayList<>());
      } else if (!line.isBlank() && !line.startsWith("#")) {
        require(alternatives.containsKey(symbol), "'%s' stands before any section", line);
        addWeighted(alternatives.get(symbol), line);
      }
    }
    Map<String, Section> sections = new LinkedHashMap<>();
    alternatives.forEach((name, lots) -> sections.put(name, new Section(name, lots)));
    return new Grammar(sections);
  }

  private static void addWeighted(List<String> lots, String line) {
    Matcher matcher = WEIGHTED.matcher(line);
    require(matcher.matches(), "'%s' is not an alternative", line);
    int weight = matcher.group(1) == null ? 1 : Integer.parseInt(matcher.group(1));
    String text = matcher.group(2).equals("~") ? "" : matcher.group(2);
    for (int lot = 0; lot < weight; lot++) {
      lots.add(text);
    }
  }

  /** Expands one symbol; within a text, alternatives are not repeated while others are left. */
  String expand(String symbol, TextSpec spec, Random random) {
    return expand(symbol, spec, new Draws(random, new HashSet<>()));
  }

  private String expand(String symbol, TextSpec spec, Draws draws) {
    String name = spec.names().get(symbol);
    if (name != null) {
      return name;
    }
    Matcher matcher = SYMBOL.matcher(draws.from(section(symbol, spec)));
    StringBuilder text = new StringBuilder();
    while (matcher.find()) {
      TextSpec meant = specFor(matcher.group(1), spec, draws.random());
      String part = expand(matcher.group(2), meant, draws);
      matcher.appendReplacement(text, Matcher.quoteReplacement(part));
    }
    return matcher.appendTail(text).toString();
  }

  private static TextSpec specFor(String turn, TextSpec spec, Random random) {
    if (turn == null) {
      return spec;
    }
    return switch (turn) {
      case "other" -> spec.with(spec.sentiment().other(random));
      case "opposite" -> spec.with(spec.sentiment().opposite());
      default -> spec.elsewhere(random);
    };
  }

  private Section section(String symbol, TextSpec spec) {
    String withSentiment = symbol + " " + spec.sentiment().label();
    for (String special :
        List.of(withSentiment + " " + spec.topic(), withSentiment, symbol + " " + spec.topic())) {
      if (sections.containsKey(special)) {
        return sections.get(special);
      }
    }
    require(sections.containsKey(symbol), "nothing says what {%s} is, for %s", symbol, spec);
    return sections.get(symbol);
  }

  /** Holds each alternative as often as its weight says. */
  private record Section(String symbol, List<String> lots) {}

  /** Draws the alternatives of one text, and remembers those that it has used. */
  private record Draws(Random random, Set<String> used) {
    String from(Section section) {
      List<String> lots = section.lots();
      String drawn = "";
      for (int draw = 0; draw < DRAWS; draw++) {
        drawn = lots.get(random.nextInt(lots.size()));
        if (used.add(section.symbol() + '\n' + drawn)) {
          break;
        }
      }
      return drawn;
    }
  }
}
