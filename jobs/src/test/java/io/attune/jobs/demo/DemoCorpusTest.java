package io.attune.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoCorpusTest {
  private static final long SEED = 20260105;
  private static final List<DemoFile> FILES = files(SEED);

  @TempDir Path folder;

  @Test
  void writesTheSameBytesForTheSameSeedAndOthersForAnother() throws IOException {
    Map<String, byte[]> first = written("first", SEED);
    Map<String, byte[]> again = written("again", SEED);
    Map<String, byte[]> other = written("other", SEED + 1);

    assertThat(first.keySet())
        .containsExactly(
            "news/2026-01-05/newswire-en.jsonl.gz",
            "news/2026-01-05/newswire-zh.csv",
            "news/2026-01-06/newswire-en.jsonl.gz",
            "news/2026-01-06/newswire-zh.csv",
            "reviews/2026-01-05/shop-en.tsv",
            "reviews/2026-01-05/shop-zh.jsonl",
            "reviews/2026-01-06/shop-en.tsv",
            "reviews/2026-01-06/shop-zh.jsonl");
    assertThat(again.keySet()).isEqualTo(first.keySet());
    assertThat(other.keySet()).isEqualTo(first.keySet());
    first.forEach((path, bytes) -> assertThat(again.get(path)).as(path).isEqualTo(bytes));
    first.forEach((path, bytes) -> assertThat(other.get(path)).as(path).isNotEqualTo(bytes));
  }

  @Test
  void writesOverAnEarlierCorpus() throws IOException {
    Map<String, byte[]> other = written("same", SEED + 1);
    Map<String, byte[]> first = written("same", SEED);

    assertThat(first.keySet()).isEqualTo(other.keySet());
    assertThat(first.get("reviews/2026-01-05/shop-en.tsv"))
        .isEqualTo(fileOf(Channel.SHOP_EN).bytes());
  }

  @Test
  void bringsAboutAsManyTextsAsANightOfTheDemoNeeds() {
    assertThat(items(Night.FIRST)).hasSizeBetween(19_400, 20_600);
    assertThat(items(Night.SECOND)).hasSizeBetween(3_600, 4_000);
  }

  @Test
  void datesEveryTextWithinTheDaysOfItsNight() {
    for (Night night : List.of(Night.FIRST, Night.SECOND)) {
      List<LocalDate> days =
          items(night).stream().map(item -> item.published().toLocalDate()).toList();
      assertThat(days)
          .allSatisfy(day -> assertThat(day).isBetween(night.from(), night.until().minusDays(1)));
      assertThat(new HashSet<>(days))
          .as("no day is without a text")
          .hasSize((int) (night.until().toEpochDay() - night.from().toEpochDay()));
    }
    assertThat(Night.FIRST.until()).isEqualTo(Night.SECOND.from());
    assertThat(Night.SECOND.until()).isEqualTo(DemoCorpus.SECOND_NIGHT);
  }

  @Test
  void givesEveryTextAnIdOfItsOwn() {
    Set<String> ids = new HashSet<>();
    FILES.forEach(file -> file.items().forEach(item -> assertThat(ids.add(item.id())).isTrue()));
  }

  @Test
  void balancesSentimentsAndTopics() {
    for (Channel channel : Channel.all()) {
      List<Item> items = fileOf(channel).items();
      assertThat(shares(items.stream().map(Item::sentiment)))
          .containsOnlyKeys("negative", "neutral", "positive")
          .allSatisfy((label, share) -> assertThat(share).isBetween(0.29, 0.37));
      assertThat(shares(items.stream().map(Item::topic)))
          .containsOnlyKeys(channel.style().topics())
          .allSatisfy((label, share) -> assertThat(share).isBetween(0.21, 0.29));
    }
  }

  @Test
  void doesEveryPromisedHarmAboutAsOftenAsItSays() {
    Map<Defect, Integer> done = new EnumMap<>(Defect.class);
    FILES.forEach(file -> file.defects().forEach((what, n) -> done.merge(what, n, Integer::sum)));
    double texts = FILES.stream().mapToInt(file -> file.items().size()).sum();

    assertThat(done).containsOnlyKeys(Defect.values());
    assertThat(done).containsEntry(Defect.SCRIPT, 2);
    assertThat(done.get(Defect.WRONG_LABEL) / (2 * texts)).isBetween(0.025, 0.035);
    assertThat(done.get(Defect.NEAR_DUPLICATE) / texts).isBetween(0.016, 0.024);
    assertThat(done.get(Defect.EXACT_DUPLICATE) / texts).isBetween(0.007, 0.013);
    assertThat(done.get(Defect.NO_SENTIMENT) / texts).isBetween(0.04, 0.06);
    assertThat(done.get(Defect.NO_TOPIC) / texts).isBetween(0.022, 0.038);
    assertThat(done.get(Defect.UNKNOWN_LABEL)).isBetween(3, 50);
    assertThat(done.get(Defect.CUT_ROW) + done.get(Defect.WRONG_DATE)).isBetween(20, 150);
    assertThat(done.get(Defect.MARKUP)).isGreaterThan(300);
    assertThat(done.get(Defect.EMOJI)).isGreaterThan(300);
  }

  @Test
  void countsTheHarmThatCanBeSeen() {
    List<Item> items = FILES.stream().flatMap(file -> file.items().stream()).toList();

    assertThat(items)
        .filteredOn(item -> item.sentiment().isEmpty())
        .hasSize(done(Defect.NO_SENTIMENT));
    assertThat(items).filteredOn(item -> item.topic().isEmpty()).hasSize(done(Defect.NO_TOPIC));
    assertThat(items).filteredOn(item -> item.text().isEmpty()).hasSize(done(Defect.EMPTY_TEXT));
    assertThat(items)
        .filteredOn(item -> item.title().equals("<script>alert(1)</script>"))
        .hasSize(done(Defect.SCRIPT));
    assertThat(items)
        .filteredOn(item -> item.title().matches("[=+@].*"))
        .hasSize(done(Defect.FORMULA));
    assertThat(items)
        .filteredOn(item -> item.id().endsWith("-again"))
        .hasSize(done(Defect.EXACT_DUPLICATE));
    assertThat(items)
        .filteredOn(
            item -> !List.of("", "negative", "neutral", "positive").contains(item.sentiment()))
        .hasSize(done(Defect.UNKNOWN_LABEL));
    assertThat(items).anyMatch(item -> item.text().contains("&nbsp;"));
    assertThat(items).anyMatch(item -> item.text().contains("\uFFFD"));
    assertThat(items).anyMatch(item -> item.text().contains("Editorâ€™s note"));
  }

  @Test
  void repeatsTextsExactlyAndNearly() {
    Map<String, Item> byId = new HashMap<>();
    FILES.forEach(file -> file.items().forEach(item -> byId.put(item.id(), item)));
    int exact = 0;
    int near = 0;
    for (Item item : byId.values()) {
      Item original = byId.get(item.id().replaceFirst("-(near|again)$", ""));
      if (item.text().isEmpty() || original.text().isEmpty()) {
        continue;
      }
      if (item.id().endsWith("-again")) {
        assertThat(item.text()).isEqualTo(original.text());
        assertThat(item.source()).isNotEqualTo(original.source());
        exact++;
      }
      if (item.id().endsWith("-near")) {
        assertThat(item.text().length() - original.text().length()).isBetween(-1, 12);
        near += item.text().equals(original.text()) ? 0 : 1;
      }
    }
    assertThat(exact).isGreaterThan(100);
    assertThat(near).isGreaterThan(200);
  }

  @Test
  void endsInASurgeOfBadNewsAboutOneCompany() {
    List<Item> news =
        items(Night.SECOND).stream()
            .filter(item -> item.about().startsWith(DemoCorpus.SURGE_TICKER + " "))
            .toList();
    List<Item> before =
        news.stream()
            .filter(item -> item.published().toLocalDate().isBefore(DemoCorpus.SURGE_FROM))
            .toList();
    List<Item> surge = new ArrayList<>(news);
    surge.removeAll(before);

    assertThat(before).hasSizeBetween(20, 90);
    assertThat(surge).hasSizeGreaterThan(300);
    assertThat(shares(surge.stream().map(Item::sentiment)).get("negative")).isGreaterThan(0.75);
    assertThat(shares(before.stream().map(Item::sentiment)).get("negative")).isLessThan(0.6);
    assertThat(shares(surge.stream().map(Item::topic)).get(DemoCorpus.SURGE_TOPIC))
        .isGreaterThan(0.85);
  }

  @Test
  void putsBytesIntoFilesThatAreNotUtf8() {
    DemoFile file = fileOf(Channel.SHOP_ZH);
    int marked =
        (int) String.join("", file.lines()).chars().filter(c -> c == Corruptor.INVALID).count();
    byte[] bytes = file.bytes();
    int broken = 0;
    for (int i = 0; i + 1 < bytes.length; i++) {
      broken += bytes[i] == (byte) 0xC3 && bytes[i + 1] == '(' ? 1 : 0;
    }

    assertThat(marked).isPositive();
    assertThat(broken).isEqualTo(marked);
    assertThat(new String(bytes, StandardCharsets.UTF_8)).doesNotContain(Corruptor.INVALID + "");
  }

  @Test
  void writesNothingThatTsvCannotHold() {
    for (DemoFile file : FILES) {
      for (Item item : file.items()) {
        if (file.path().endsWith(".tsv")) {
          assertThat(item.title() + item.text()).doesNotContain("\t", "\n").isNotEmpty();
          assertThat(item.title()).doesNotStartWith("\"");
          assertThat(item.text()).doesNotStartWith("\"");
        }
      }
    }
  }

  /** Returns the channel's file of the first night. */
  private static DemoFile fileOf(Channel channel) {
    return FILES.get(Channel.all().indexOf(channel));
  }

  private static int done(Defect defect) {
    return FILES.stream().mapToInt(file -> file.defects().getOrDefault(defect, 0)).sum();
  }

  /** Returns the fractions of the labels that are above one percent. */
  private static Map<String, Double> shares(Stream<String> labels) {
    List<String> given = labels.filter(label -> !label.isEmpty()).toList();
    Map<String, Double> shares = new TreeMap<>();
    given.forEach(label -> shares.merge(label, 1.0 / given.size(), Double::sum));
    shares.values().removeIf(share -> share < 0.01);
    return shares;
  }

  private static List<Item> items(Night night) {
    return FILES.stream()
        .filter(file -> file.path().contains(night.date().toString()))
        .flatMap(file -> file.items().stream())
        .toList();
  }

  private static List<DemoFile> files(long seed) {
    return Stream.of(Night.FIRST, Night.SECOND)
        .flatMap(night -> Channel.all().stream().map(channel -> DemoFile.of(channel, night, seed)))
        .toList();
  }

  private Map<String, byte[]> written(String name, long seed) throws IOException {
    Path root = folder.resolve(name);
    DemoCorpus.write(root, seed);
    Map<String, byte[]> bytes = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        Files.copy(path, content);
        bytes.put(root.relativize(path).toString(), content.toByteArray());
      }
    }
    return bytes;
  }
}
