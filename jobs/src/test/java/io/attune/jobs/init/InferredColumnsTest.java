package io.attune.jobs.init;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.jobs.init.Finding.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class InferredColumnsTest {
  private static final int RECORDS = 120;
  private static final List<String> THINGS = List.of("kettle", "lamp", "jacket", "bicycle", "sofa");

  /** Makes the values of one column. */
  private static final Map<String, IntFunction<String>> VALUES = new LinkedHashMap<>();

  static {
    VALUES.put("prose", i -> "The %s arrived late, and we sent it back: %d".formatted(thing(i), i));
    VALUES.put("headline", i -> "%s Foods names chair %d".formatted(thing(i), i));
    VALUES.put("chinese", i -> "雨伞味道" + i);
    VALUES.put(
        "url", i -> "https://www.example.com/news/2020/01/%d/a-%s-story".formatted(i, thing(i)));
    VALUES.put("uuid", i -> "123e4567-e89b-12d3-a456-%012d".formatted(i));
    VALUES.put("sha", i -> "%064x".formatted(i * 7919L));
    VALUES.put("stamp", i -> "2025-01-%02dT00:00:00.123456+08:00".formatted(1 + i % 28));
    VALUES.put(
        "object",
        i -> "{\"name\": \"user%d\", \"about\": \"I sell kettles and lamps\"}".formatted(i));
    VALUES.put("keywords", i -> "trade, steel, %s, market, profit %d".formatted(thing(i), i));
    VALUES.put("path", i -> "/data/in/2025/part-%d.txt".formatted(i));
    VALUES.put("email", i -> "desk%d@example.com".formatted(i));
    VALUES.put("mood", i -> List.of("negative", "neutral", "positive").get(i % 3));
    VALUES.put("attitude", i -> i % 2 == 0 ? "positive_attitude" : "negative_attitude");
    VALUES.put("number", i -> Integer.toString(1000 + i * 37));
    VALUES.put("row", Integer::toString);
    VALUES.put("split", i -> List.of("train", "train", "train", "val", "test").get(i % 5));
    VALUES.put("集", i -> List.of("训练集", "训练集", "验证集", "测试集").get(i % 4));
    VALUES.put("训练", i -> List.of("训练", "测试", "训练").get(i % 3));
    VALUES.put("held", i -> List.of("train", "eval", "hold-out").get(i % 3));
    VALUES.put("usage", i -> List.of("Training", "PublicTest", "PrivateTest").get(i % 3));
    VALUES.put("lang", i -> i % 7 == 0 ? "de" : "en");
    VALUES.put("wire", i -> i % 2 == 0 ? "Wire One" : "Desk Two");
    VALUES.put("ticker", i -> List.of("NVS", "MBK", "HSH").get(i % 3));
    VALUES.put("item", i -> "B0000%d".formatted(i % 20));
    VALUES.put("flag", i -> i % 3 == 0 ? "true" : "false");
    VALUES.put("stars", i -> i % 2 == 0 ? "5.0" : i % 3 == 0 ? "1" : "5");
    VALUES.put("year", i -> i % 2 == 0 ? "2024" : "2025");
    VALUES.put("intent", i -> "intent_%02d".formatted(i % 40));
    VALUES.put("millis", i -> Long.toString(1735689600000L + i * 86_400_000L));
    VALUES.put("seconds", i -> Long.toString(1390000000L + i * 86_400L));
    VALUES.put("words", i -> thing(i) + " " + i);
    VALUES.put("emoji", i -> "\uD83D\uDC4D".repeat(1 + i));
    VALUES.put("tags", i -> i % 3 == 0 ? "[\"negative\",\"long\"]" : "[\"positive\"]");
    VALUES.put("one", i -> "[\"%s\"]".formatted(i % 2 == 0 ? "negative" : "positive"));
    VALUES.put("same", i -> "2025-06-01");
    VALUES.put("constant", i -> "NO_QUERY");
  }

  private static String thing(int i) {
    return THINGS.get(i % THINGS.size());
  }

  /** Lists columns as name=values, and what some of them are taken for as role=column. */
  static Stream<Arguments> tables() {
    return Stream.of(
        // Texts: the name, words and different values count, not the length.
        Arguments.of("headline=headline url=url", "text=headline"),
        Arguments.of("id=row text=prose trace=uuid", "text=text id=id"),
        Arguments.of("message=words hash=sha", "text=message"),
        Arguments.of("标题=chinese published_at=stamp", "text=标题 published-at=published_at"),
        Arguments.of("full_text=prose user=object", "text=full_text left=user"),
        Arguments.of("comment=chinese label=attitude", "text=comment labels=label"),
        Arguments.of("keywords=keywords title=headline", "text=title left=keywords"),
        Arguments.of("file=path tweet=words", "text=tweet"),
        Arguments.of("contact=email review_body=prose", "text=review_body"),
        Arguments.of("content=emoji label=mood", "text=content labels=label"),
        Arguments.of("a=prose b=mood c=url", "text=a labels=b"),
        Arguments.of("summary=words reviewText=prose", "text=reviewText title=summary"),
        Arguments.of("title=headline body=prose", "text=body title=title"),
        Arguments.of("标题=chinese 正文=prose 正负面=flag", "text=正文 title=标题 labels=正负面"),
        // Ids.
        Arguments.of("text=prose id_str=number user_id=uuid", "id=id_str"),
        Arguments.of("text=prose review_id=number product_id=item", "id=review_id"),
        Arguments.of("=row text=prose", "text=text left="),
        Arguments.of("index=row text=prose", "text=text left=index"),
        Arguments.of("id=item text=prose", "text=text left=id"),
        // Dates.
        Arguments.of("text=prose published=millis", "published-at=published"),
        Arguments.of("text=prose unixReviewTime=seconds", "published-at=unixReviewTime"),
        Arguments.of("text=prose id=seconds", "id=id"),
        Arguments.of(
            "text=prose updated=stamp created_at=stamp", "published-at=created_at left=updated"),
        Arguments.of("text=prose crawled_at=stamp date=same", "published-at=date"),
        // Labels: never splits, languages, publishers, items.
        Arguments.of(
            "text=prose label=mood split=split lang=lang",
            "labels=label split=split language=lang"),
        Arguments.of("text=prose set=split mood=mood", "labels=mood split=set"),
        Arguments.of("正文=chinese 数据集=集 类别=mood", "labels=类别 split=数据集"),
        Arguments.of("text=prose split=训练 label=mood", "labels=label split=split"),
        Arguments.of("text=prose subset=held label=mood", "labels=label split=subset"),
        Arguments.of("text=prose label=mood Usage=usage", "labels=label split=Usage"),
        Arguments.of(
            "text=prose sentiment=mood publisher=wire stock=ticker",
            "labels=sentiment source=publisher entities=stock"),
        Arguments.of("text=prose overall=stars asin=item", "labels=overall left=asin"),
        Arguments.of(
            "text=prose stars=stars verified_purchase=flag", "labels=stars left=verified_purchase"),
        Arguments.of(
            "text=prose stars=stars helpful_votes=stars", "labels=stars left=helpful_votes"),
        Arguments.of("text=prose topic=mood year=year", "labels=topic left=year"),
        Arguments.of("text=prose intent=intent", "labels=intent"),
        Arguments.of("text=prose label=mood query=constant", "labels=label left=query"),
        Arguments.of("text=prose category=ticker label=flag", "labels=category labels=label"),
        Arguments.of("text=prose labels=one", "labels=labels"),
        Arguments.of("text=prose labels=tags", "left=labels"),
        Arguments.of("text=prose kind=mood market=wire", "labels=kind left=market"));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void columnsAreTakenForWhatNamesAndValuesSay(String columns, String expected) {
    InferredColumns found = infer(columns);

    for (String pair : expected.split(" ", -1)) {
      int sign = pair.indexOf('=');
      String role = pair.substring(0, sign).replace("left", "left out");
      assertThat(found.findings())
          .as("%s of %s", pair, found.findings())
          .anyMatch(
              f -> f.role().key().equals(role) && f.column().equals(pair.substring(sign + 1)));
    }
    assertThat(found.findings()).extracting(Finding::column).doesNotHaveDuplicates();
    assertThat(found.findings()).hasSize(columns.split(" ", -1).length);
  }

  @Test
  void spellingsOfOneClassAreOneClassAndNullWordsAreAskedAbout() {
    List<String> labels =
        List.of(
            "negative",
            "Negative",
            "NEGATIVE",
            " positive",
            "positive ",
            "Positive",
            "nan",
            "None");
    InferredColumns found =
        infer(Map.of("text", VALUES.get("prose"), "label", i -> labels.get(i % labels.size())));

    Classes classes = found.heads().get("label").classes();
    assertThat(classes.names()).containsExactly("negative", "positive");
    assertThat(classes.spellings())
        .isEqualTo(Map.of("Negative", "negative", "NEGATIVE", "negative", "Positive", "positive"));
    assertThat(found.doubts())
        .singleElement()
        .asString()
        .contains("15 records say 'None'", "'nan'");
  }

  /** Lists values of a column, its classes, and what of them is asked about; nothing is empty. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5, 5 stars, five stars, 1, 1 star, one star | 1, 5 | 'five stars' for '5'",
        "★★★★★, ★☆☆☆☆, 1, 5 | 1, 5 | '★☆☆☆☆' for '1'",
        "True, 1, false, 0 | false, true | '1' for 'True'",
        "yes, 1, no, 0 | no, yes | '0' for 'no'",
        "good, good., bad, bad! | bad, good | 'bad!' for 'bad'",
        "good., bad. | bad., good. |",
        "负面, 負面, 正面, 正面。 | 负面, 正面 | '負面' for '负面'",
        "good\u200b, good, bad\ufeff, b\u00adad | bad, good |",
        "0, 1, 2 | 0, 1, 2 |",
        "good, bad, 无 | bad, good, 无 | is [无] a class",
        "good, bad, -- | --, bad, good | is [--] a class",
        "good, bad, missing | bad, good, missing | is [missing] a class",
        "good, bad, TBD | bad, good, TBD | is [TBD] a class",
        "good, bad, 暂无 | bad, good, 暂无 | is [暂无] a class",
        "good, bad, #N/A | bad, good | '#N/A': taken as no label",
        "+, - | +, - | is [-] a class",
      })
  void labelsThatMayMeanTheSameOrNothingAreAskedAbout(
      String values, String names, String question) {
    List<String> labels = List.of(values.split(", ", -1));
    InferredColumns found =
        infer(Map.of("text", VALUES.get("prose"), "label", i -> labels.get(i % labels.size())));

    assertThat(found.heads().get("label").classes().names())
        .extracting(name -> name.toLowerCase(Locale.ROOT))
        .containsExactlyInAnyOrder(names.toLowerCase(Locale.ROOT).split(", ", -1));
    if (question == null) {
      assertThat(found.doubts()).isEmpty();
    } else {
      assertThat(found.doubts()).anyMatch(doubt -> doubt.contains(question));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'%.1f', 0.1, 11, false",
    "'0,%02.0f', 5, 20, false",
    "'%.3f', 0.01, 40, false",
    "'%.1f', 0.5, 11, true",
    "'%.2f', 0.25, 5, true",
    "'%.0f', 1, 5, true"
  })
  void measuredNumbersAreNoLabelsAndGradesAre(
      String form, double step, int number, boolean isHead) {
    InferredColumns found =
        infer(
            Map.of(
                "text",
                VALUES.get("prose"),
                "score",
                i -> String.format(Locale.ROOT, form, step * (i % number)),
                "label",
                VALUES.get("mood")));

    assertThat(found.heads().containsKey("score")).isEqualTo(isHead);
    assertThat(found.heads()).containsKey("label");
  }

  @Test
  void answersOfAnnotatorsYieldToThePlainLabel() {
    InferredColumns found =
        infer(
            Map.of(
                "text", VALUES.get("prose"),
                "label_1", VALUES.get("mood"),
                "label_2", i -> VALUES.get("mood").apply(i / 2),
                "label", VALUES.get("mood")));

    assertThat(found.heads()).containsOnlyKeys("label");
    assertThat(found.doubts()).singleElement().asString().contains("'label_1'", "'label_2'");
  }

  @ParameterizedTest
  @CsvSource({
    "question, answer",
    "query, response",
    "sentence1, sentence2",
    "text_a, text_b",
    "问题, 回答"
  })
  void twoTextsThatBelongTogetherAreAskedAbout(String one, String other) {
    InferredColumns found =
        infer(
            Map.of(
                one,
                i -> "How is the %s %d?".formatted(thing(i), i),
                other,
                VALUES.get("prose"),
                "label",
                VALUES.get("mood")));

    assertThat(found.doubts())
        .anyMatch(doubt -> doubt.startsWith("is the text in '") && doubt.contains(one))
        .anyMatch(doubt -> doubt.startsWith("is the text in '") && doubt.contains(other));
  }

  @Test
  void twoColumnsOfOneHeadNameGetDistinctHeads() {
    InferredColumns found =
        infer(
            Map.of(
                "text",
                VALUES.get("prose"),
                "label?",
                VALUES.get("mood"),
                "label!",
                VALUES.get("flag")));

    assertThat(found.heads()).containsOnlyKeys("label", "label-2");
    assertThat(found.doubts())
        .anyMatch(doubt -> doubt.contains("two columns would be head 'label'"));
  }

  @Test
  void columnsThatSayTheSameAreOneHeadAndAQuestion() {
    InferredColumns found =
        infer(
            Map.of(
                "text", VALUES.get("prose"),
                "label", i -> Integer.toString(i % 3),
                "label_text", VALUES.get("mood")));

    assertThat(found.columns(Role.LABEL)).containsExactly("label_text");
    assertThat(found.doubts()).anyMatch(doubt -> doubt.contains("say the same in other words"));
  }

  @Test
  void severalLabelsOfADocumentAreSaid() {
    InferredColumns found = infer("text=prose tags=tags");

    assertThat(found.heads()).isEmpty();
    assertThat(found.doubts())
        .anyMatch(d -> d.contains("40 of 120 documents have several labels in 'tags'"))
        .anyMatch(d -> d.contains("several-labels: first"));
  }

  @Test
  void tooManyClassesAreSaid() {
    InferredColumns found =
        infer(Map.of("text", VALUES.get("prose"), "category", i -> "c" + (i % 60)), 1200, 400);

    assertThat(found.heads()).isEmpty();
    assertThat(found.doubts())
        .anyMatch(doubt -> doubt.contains("'category' a label? 400 different values"));
  }

  @Test
  void classesOfTheWholeFileCountNotThoseOfTheSample() {
    Map<String, Long> counts = Map.of("negative", 500L, "neutral", 500L, "positive", 500L);
    List<Map<String, String>> records = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      records.add(Map.of("text", VALUES.get("prose").apply(i), "label", "negative"));
    }
    Table table = new Table(List.of("text", "label"), records, Map.of("label", counts), 1500);

    assertThat(InferredColumns.of(table, "a.csv").heads().get("label").classes().names())
        .containsExactly("negative", "neutral", "positive");
  }

  @Test
  void orderOfDaysAndMonthsIsAskedWhereNothingTellsIt() {
    InferredColumns found =
        infer(
            Map.of(
                "text",
                VALUES.get("prose"),
                "date",
                i -> "0%d/0%d/2025".formatted(1 + i % 9, 1 + i % 3)));

    assertThat(found.dates().orElseThrow().form()).isEqualTo("day-first");
    assertThat(found.doubts()).anyMatch(doubt -> doubt.contains("the other order is month-first"));
  }

  @Test
  void datesInNoKnownFormAreAskedAbout() {
    InferredColumns found =
        infer(Map.of("text", VALUES.get("prose"), "published", i -> "day " + i + " of the year"));

    assertThat(found.columns(Role.LEFT_OUT)).containsExactly("published");
    assertThat(found.doubts())
        .anyMatch(doubt -> doubt.contains("such as 'day 0 of the year', are in no form"));
  }

  @Test
  void labelEverywhereTheSameIsAskedAbout() {
    InferredColumns found = infer(Map.of("text", VALUES.get("prose"), "label", i -> "good"));

    assertThat(found.heads()).isEmpty();
    assertThat(found.doubts()).anyMatch(doubt -> doubt.contains("it is 'good' everywhere"));
  }

  @Test
  void severalLabelsJoinedInOneAreAskedAbout() {
    InferredColumns found =
        infer(
            Map.of(
                "text", VALUES.get("prose"), "topic", i -> i % 3 == 0 ? "trade|steel" : "trade"));

    assertThat(found.doubts())
        .anyMatch(doubt -> doubt.contains("'trade|steel' look like several in one"));
  }

  @Test
  void splitWithoutTestDocumentsIsAskedAbout() {
    InferredColumns found =
        infer(Map.of("text", VALUES.get("prose"), "part", i -> i % 4 == 0 ? "dev" : "train"));

    assertThat(found.columns(Role.SPLIT)).containsExactly("part");
    assertThat(found.doubts()).anyMatch(doubt -> doubt.contains("names no document for testing"));
  }

  @Test
  void splitWithOtherWordsIsNoHead() {
    InferredColumns found =
        infer(
            Map.of(
                "text", VALUES.get("prose"),
                "use", i -> List.of("train", "test", "unused").get(i % 3),
                "label", VALUES.get("mood")));

    assertThat(found.columns(Role.LABEL)).containsExactly("label");
    assertThat(found.doubts()).anyMatch(doubt -> doubt.contains("[unused] would be rejected"));
  }

  @Test
  void fewRowsOfAClassAndLabelsOfFewRecordsAreSaid() {
    InferredColumns found =
        infer(
            Map.of(
                "text",
                VALUES.get("prose"),
                "label",
                i -> i == 7 ? "odd" : i % 4 == 0 ? (i % 8 == 0 ? "good" : "bad") : null));

    assertThat(found.doubts()).anyMatch(doubt -> doubt.contains("fewer than 5 records: [odd]"));
    assertThat(found.doubts())
        .anyMatch(doubt -> doubt.contains("only 31 of 120 records have a label"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10 9 1 2.5 | 1, 2.5, 9, 10",
        "positive negative neutral | negative, neutral, positive",
        "Pos Neg | Neg, Pos",
        "好评 差评 中评 | 差评, 中评, 好评",
        "yes no | no, yes",
        "sport Arts trade | Arts, sport, trade",
      })
  void classesStandInASensibleOrder(String values, String ordered) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (String value : values.split(" ", -1)) {
      counts.put(value, 10L);
    }

    assertThat(Classes.of(counts).names()).containsExactly(ordered.split(", ", -1));
  }

  private static InferredColumns infer(String columns) {
    Map<String, IntFunction<String>> values = new LinkedHashMap<>();
    for (String column : columns.split(" ", -1)) {
      int sign = column.indexOf('=');
      values.put(column.substring(0, sign), VALUES.get(column.substring(sign + 1)));
    }
    return infer(values);
  }

  private static InferredColumns infer(Map<String, IntFunction<String>> columns) {
    return InferredColumns.of(
        new Table(List.copyOf(columns.keySet()), records(columns, RECORDS), Map.of(), RECORDS),
        "a.csv");
  }

  /** Infers where the category has more values than the sample shows. */
  private static InferredColumns infer(
      Map<String, IntFunction<String>> columns, int total, int classes) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int i = 0; i < classes; i++) {
      counts.put("c" + i, 3L);
    }
    return InferredColumns.of(
        new Table(
            List.of("text", "category"),
            records(columns, RECORDS),
            Map.of("category", counts),
            total),
        "a.csv");
  }

  private static List<Map<String, String>> records(
      Map<String, IntFunction<String>> columns, int count) {
    List<Map<String, String>> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, String> record = new LinkedHashMap<>();
      for (Map.Entry<String, IntFunction<String>> column : columns.entrySet()) {
        String value = column.getValue().apply(i);
        if (value != null) {
          record.put(column.getKey(), value);
        }
      }
      records.add(record);
    }
    return records;
  }
}
