package io.attune.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class GrammarTest {
  private static final Pattern WORD = Pattern.compile("\\p{IsHan}|[\\p{L}\\p{N}&&[^\\p{IsHan}]]+");
  private static final List<String> STRUCTURES = List.of("contrast", "denial", "rumour", "rivalry");

  @Test
  void takesTheSectionThatFitsSentimentAndTopicBest() {
    Grammar grammar =
        Grammar.parse(
            List.of(
                "# a comment",
                "[act]",
                "did",
                "",
                "[act negative]",
                "lost",
                "[act negative markets]",
                "sank"));

    assertThat(text(grammar, "act", Sentiment.POSITIVE, "markets")).isEqualTo("did");
    assertThat(text(grammar, "act", Sentiment.NEGATIVE, "earnings")).isEqualTo("lost");
    assertThat(text(grammar, "act", Sentiment.NEGATIVE, "markets")).isEqualTo("sank");
  }

  @Test
  void turnsTheSentimentOfOppositeAndOtherParts() {
    Grammar grammar =
        Grammar.parse(
            List.of(
                "[turned]",
                "{opposite act}",
                "[another]",
                "{other act}",
                "[act positive]",
                "won",
                "[act negative]",
                "lost",
                "[act neutral]",
                "met"));
    Set<String> others = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      others.add(grammar.expand("another", spec(Sentiment.POSITIVE, "x"), new Random(i)));
    }

    assertThat(text(grammar, "turned", Sentiment.POSITIVE, "x")).isEqualTo("lost");
    assertThat(text(grammar, "turned", Sentiment.NEUTRAL, "x")).isEqualTo("met");
    assertThat(others).containsExactlyInAnyOrder("lost", "met");
  }

  @Test
  void refusesASymbolThatNothingExplains() {
    Grammar grammar = Grammar.parse(List.of("[body]", "{nobody}"));

    assertThatThrownBy(() -> text(grammar, "body", Sentiment.NEUTRAL, "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nothing says what {nobody} is");
  }

  @Test
  void refusesASectionThatOccursTwice() {
    assertThatThrownBy(() -> Grammar.parse(List.of("[act]", "did", "[act]", "does")))
        .hasMessage("section [act] occurs twice");
  }

  static List<Channel> channels() {
    return Channel.all();
  }

  @ParameterizedTest
  @MethodSource("channels")
  void saysEverySentimentOfEveryTopicWithoutALeftOver(Channel channel) {
    for (Item item : new TextGenerator(channel, new Random(1)).write(Night.SECOND)) {
      assertThat(item.title() + item.text()).doesNotContain("{", "}", "  ", "~").isNotBlank();
      assertThat(words(item.text()).size()).isBetween(4, 110);
    }
  }

  @Test
  void speaksElsewhereOfAnotherTopicAndNeutrally() {
    Grammar grammar =
        Grammar.parse(
            List.of(
                "[key]",
                "{elsewhere act}, {act}",
                "[act negative]",
                "lost {thing}",
                "[act neutral]",
                "saw {thing}",
                "[thing earnings]",
                "money",
                "[thing mergers]",
                "a rival"));

    assertThat(text(grammar, "key", Sentiment.NEGATIVE, "earnings"))
        .isEqualTo("saw a rival, lost money");
  }

  @ParameterizedTest
  @MethodSource("channels")
  void letsNoWordGiveTheSentimentOfAStructureAway(Channel channel) {
    for (String structure : STRUCTURES) {
      Map<String, int[]> counts = counts(texts(channel, structure, 6000));
      counts.values().removeIf(count -> count[0] + count[1] < 100);
      assertThat(counts).as(structure).hasSizeGreaterThan(20);
      counts.forEach(
          (word, count) ->
              assertThat(count[1] / (double) (count[0] + count[1]))
                  .as("share of positive texts with '%s' in %s", word, structure)
                  .isBetween(0.2, 0.8));
    }
  }

  /** Generates negative texts at even indices, positive ones at odd indices. */
  private static List<String> texts(Channel channel, String structure, int count) {
    Grammar grammar = grammarOf(channel);
    Random random = new Random(7);
    List<String> topics = channel.style().topics();
    List<String> texts = new ArrayList<>();
    for (int text = 0; text < count; text++) {
      Sentiment sentiment = text % 2 == 0 ? Sentiment.NEGATIVE : Sentiment.POSITIVE;
      TextSpec spec = spec(sentiment, topics.get(random.nextInt(topics.size())));
      texts.add(Typography.of(grammar.expand(structure, spec, random)));
    }
    return texts;
  }

  /** Counts the negative and the positive texts that contain each word. */
  private static Map<String, int[]> counts(List<String> texts) {
    Map<String, int[]> counts = new HashMap<>();
    for (int text = 0; text < texts.size(); text++) {
      for (String word : new HashSet<>(words(texts.get(text)))) {
        counts.computeIfAbsent(word, key -> new int[2])[text % 2]++;
      }
    }
    return counts;
  }

  private static List<String> words(String text) {
    return WORD.matcher(text.toLowerCase(Locale.ROOT)).results().map(MatchResult::group).toList();
  }

  private static Grammar grammarOf(Channel channel) {
    Channel.Style style = channel.style();
    return Grammar.parse(Names.lines(style.kind() + "-" + style.language() + ".txt"));
  }

  private static String text(Grammar grammar, String symbol, Sentiment sentiment, String topic) {
    return grammar.expand(symbol, spec(sentiment, topic), new Random(3));
  }

  private static TextSpec spec(Sentiment sentiment, String topic) {
    Map<String, String> names =
        Map.of(
            "company", "Norvell",
            "ticker", "NVL",
            "rival", "Kestrel",
            "sector name", "shipping",
            "day", "Monday",
            "shop", "Parcelbay",
            "product", "kettle");
    return new TextSpec(sentiment, topic, List.of("earnings", "mergers"), names);
  }
}
