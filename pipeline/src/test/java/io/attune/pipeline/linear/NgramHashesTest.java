package io.attune.pipeline.linear;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class NgramHashesTest {
  private static final List<String> ENGLISH =
      List.of(
          "The company's profit rose 12.5% to EUR 3,000 mn .",
          "Don't!! DON'T... (rock'n'roll) 'quoted' a' b",
          "  tabs\tand\nlines  twice  ",
          "x = y_z; e-mail: a@b.c :-) 100%",
          "price € 5 – “good”",
          "");
  private static final List<String> CHINESE =
      List.of("永兴特钢：2018年净利同比增14.45%；拟10派10", "房间 很大,  服务\n好！！", "距离川沙公路较近，但是公交指示不对。", "😀很好");

  @Test
  void readsEnglishByWord() {
    for (String text : ENGLISH) {
      assertThat(multiset(NgramHashes.of(text)))
          .as(text)
          .isEqualTo(multiset(SlowNgrams.words(text)));
    }
    assertSameNgrams(ENGLISH, ENGLISH.stream().map(SlowNgrams::words).toList());
  }

  @Test
  void readsChineseByCharacter() {
    for (String text : CHINESE) {
      assertThat(multiset(NgramHashes.of(text)))
          .as(text)
          .isEqualTo(multiset(SlowNgrams.characters(text)));
    }
    assertSameNgrams(CHINESE, CHINESE.stream().map(SlowNgrams::characters).toList());
  }

  @Test
  void readsRandomTextsOfEachKindAsTheirDefinitionSays() {
    Random random = new Random(5);
    for (int i = 0; i < 300; i++) {
      String english = random(random, "abcXYZ''  .,019\n!");
      assertThat(multiset(NgramHashes.of(english)))
          .as(english)
          .isEqualTo(multiset(SlowNgrams.words(english)));
      String chinese = "中" + random(random, "中国人民，。  019!") + "国";
      assertThat(multiset(NgramHashes.of(chinese)))
          .as(chinese)
          .isEqualTo(multiset(SlowNgrams.characters(chinese)));
    }
  }

  @Test
  void readsEachRunOfAMixedTextByItsKind() {
    long[] mixed = NgramHashes.of("iPhone case 很好 and cheap");

    assertThat(mixed)
        .isEqualTo(
            sorted(
                NgramHashes.of("iPhone case"),
                // What is between two kinds belongs to the characters.
                NgramHashes.of(" 很好 "),
                NgramHashes.of("and cheap")));
  }

  @Test
  void readsWordsOfOtherAlphabetsWhole() {
    assertThat(NgramHashes.of("Überraschung für Ελλάδα")).hasSize(5);
    assertThat(NgramHashes.of("e\u0301te\u0301")).hasSize(1); // combining accents
  }

  @Test
  void keepsWordsAndCharactersApart() {
    assertThat(NgramHashes.of("a 1")).doesNotContain(NgramHashes.of("中1"));
  }

  /** Checks that equal strings have equal hashes, and different ones different hashes. */
  private static void assertSameNgrams(List<String> texts, List<List<String>> ngrams) {
    Map<String, Integer> documents = new HashMap<>();
    ngrams.forEach(
        text -> text.stream().distinct().forEach(n -> documents.merge(n, 1, Integer::sum)));
    Map<Long, Integer> hashed = new HashMap<>();
    texts.forEach(
        text ->
            Arrays.stream(NgramHashes.of(text))
                .distinct()
                .forEach(hash -> hashed.merge(hash, 1, Integer::sum)));
    assertThat(hashed.values()).containsExactlyInAnyOrderElementsOf(documents.values());
  }

  /** Returns how often each n-gram occurs, which is what a hash must not change. */
  private static List<Integer> multiset(List<String> ngrams) {
    Map<String, Integer> counts = new HashMap<>();
    ngrams.forEach(ngram -> counts.merge(ngram, 1, Integer::sum));
    return counts.values().stream().sorted().toList();
  }

  private static List<Integer> multiset(long[] hashes) {
    Map<Long, Integer> counts = new HashMap<>();
    for (long hash : hashes) {
      counts.merge(hash, 1, Integer::sum);
    }
    return counts.values().stream().sorted().toList();
  }

  private static long[] sorted(long[]... parts) {
    return Arrays.stream(parts).flatMapToLong(LongStream::of).sorted().toArray();
  }

  private static String random(Random random, String alphabet) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(40); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
