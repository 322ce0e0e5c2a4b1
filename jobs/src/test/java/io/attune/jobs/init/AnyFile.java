package io.attune.jobs.init;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;

/** Writes files as people bring them: columns with usual names in any order, CSV or JSON Lines. */
public final class AnyFile {
  public static final int RECORDS = 150;
  private static final List<String> TEXTS =
      List.of(
          "text", "content", "review_body", "full_text", "comment", "message", "内容", "reviewText");
  private static final List<String> TITLES = List.of("title", "headline", "subject", "标题");
  private static final List<String> LABELS =
      List.of("label", "sentiment", "star rating", "category", "Topic?", "overall", "情感");
  private static final List<String> IDS = List.of("id", "review_id", "_id", "tweetId", "uuid");
  private static final List<String> DATES =
      List.of("date", "published_at", "created", "pubDate", "时间");
  private static final List<List<String>> CLASSES =
      List.of(
          List.of("negative", "neutral", "positive"),
          List.of("0", "1"),
          List.of("5", "5.0", "1.0", "3"),
          List.of("yes", "no"),
          List.of("Good ", "good", "bad", "nan"),
          List.of("好评", "差评"));
  private static final List<IntFunction<String>> WHEN =
      List.of(
          i -> "2025-01-%02dT08:30:00+0000".formatted(1 + i % 28),
          i -> "2025-01-%02d 08:30:00 UTC".formatted(1 + i % 28),
          i -> "%02d/03/2025".formatted(1 + i % 28),
          i -> "03/%02d/2025".formatted(1 + i % 28),
          i -> "Wed, %02d Jan 2025 08:30:00 GMT".formatted(1 + i % 28),
          i -> "2025年1月%d日".formatted(1 + i % 28),
          i -> "202501%02d".formatted(1 + i % 28),
          i -> Long.toString(1735689600000L + i * 7_200_000L),
          i -> Long.toString(1735689600L + i * 7_200L));

  private AnyFile() {}

  /**
   * Writes the file of a seed; each of its records is a document.
   *
   * @return its path
   */
  public static Path write(Path folder, long seed) throws IOException {
    Random random = new Random(seed);
    Map<String, IntFunction<String>> columns = columns(random);
    List<String> names = new ArrayList<>(columns.keySet());
    Collections.shuffle(names, random);
    boolean json = random.nextBoolean();
    StringBuilder text = new StringBuilder();
    if (!json) {
      text.append(String.join(",", names.stream().map(AnyFile::quoted).toList())).append('\n');
    }
    for (int i = 0; i < RECORDS; i++) {
      Map<String, String> record = new LinkedHashMap<>();
      for (String name : names) {
        record.put(name, columns.get(name).apply(i));
      }
      text.append(
              json
                  ? new ObjectMapper().writeValueAsString(record)
                  : String.join(",", record.values().stream().map(AnyFile::quoted).toList()))
          .append('\n');
    }
    return Files.writeString(folder.resolve("any-" + seed + (json ? ".jsonl" : ".csv")), text);
  }

  private static Map<String, IntFunction<String>> columns(Random random) {
    Map<String, IntFunction<String>> columns = new LinkedHashMap<>();
    columns.put(
        any(TEXTS, random), i -> "The \"lamp\" came late, and we sent it back:\tnumber " + i);
    List<String> classes = any(CLASSES, random);
    columns.put(any(LABELS, random), i -> classes.get(i % classes.size()));
    if (random.nextBoolean()) {
      columns.put(any(TITLES, random), i -> "Lamp no. " + i);
    }
    if (random.nextBoolean()) {
      columns.put(any(IDS, random), i -> "r" + (1000 + i));
    }
    if (random.nextInt(3) > 0) {
      columns.put(any(DATES, random), any(WHEN, random));
    }
    if (random.nextBoolean()) {
      columns.put("url", i -> "https://www.example.com/a/very/long/path/to/a/story-" + i);
    }
    if (random.nextBoolean()) {
      columns.put("split", i -> List.of("train", "dev", "test").get(i % 3));
    }
    if (random.nextBoolean()) {
      columns.put("lang", i -> i % 2 == 0 ? "en" : "zh-CN");
    }
    if (random.nextBoolean()) {
      columns.put("source", i -> "Wire " + i % 4);
    }
    if (random.nextBoolean()) {
      columns.put("ticker", i -> "T" + i % 9);
    }
    if (random.nextBoolean()) {
      columns.put("helpful_votes", i -> Integer.toString(i % 7));
    }
    return columns;
  }

  private static <T> T any(List<T> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }

  private static String quoted(String value) {
    return "\"" + value.replace("\"", "\"\"") + "\"";
  }
}
