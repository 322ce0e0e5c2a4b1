package io.attune.pipeline.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JsonReaderTest {
  private static final FileLayout JSON = FileLayout.of(Format.JSONL);

  private static List<RawRecord> read(String text) throws IOException {
    return TextRecords.of(JSON, text);
  }

  private static String object(int id) {
    return "{\"id\": %d, \"text\": \"Text %d, with {braces}\"}".formatted(id, id);
  }

  private static List<String> ids(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
  }

  @Test
  void severalObjectsOnALineAreSeveralRecords() throws IOException {
    List<RawRecord> records =
        read(object(1) + object(2) + "\n" + object(3) + " " + object(4) + "," + object(5) + "\n");

    assertThat(TextRecords.column(records, "id")).containsExactlyElementsOf(ids(1, 5));
    assertThat(records).extracting(RawRecord::line).containsExactly(1L, 1L, 2L, 2L, 2L);
  }

  @Test
  void whatFollowsAnObjectIsAReject() throws IOException {
    List<RawRecord> records = read(object(1) + " rest\n" + object(2) + "\n");

    assertThat(TextRecords.column(records, "id")).containsExactly("1", "2");
    assertThat(TextRecords.faulty(records)).extracting(RawRecord::raw).containsExactly("rest");
    assertThat(TextRecords.faulty(records).get(0).fault()).contains("something follows the object");
  }

  @Test
  void anArrayIsReadAsItsObjects() throws IOException {
    String compact =
        IntStream.rangeClosed(1, 9)
            .mapToObj(JsonReaderTest::object)
            .collect(Collectors.joining(","));

    assertThat(TextRecords.column(read("[" + compact + "]"), "id"))
        .containsExactlyElementsOf(ids(1, 9));
    assertThat(TextRecords.column(read("[\n  " + compact.replace("},", "},\n  ") + "\n]\n"), "id"))
        .containsExactlyElementsOf(ids(1, 9));
  }

  @Test
  void anArrayThatIsCutOffIsSaid() throws IOException {
    List<RawRecord> records = read("[\n" + object(1) + ",\n" + object(2) + ",\n");

    assertThat(TextRecords.column(records, "id")).containsExactly("1", "2");
    assertThat(TextRecords.faulty(records).get(0).fault()).contains("line 1 is not closed");
  }

  @Test
  void objectsOverSeveralLinesAreRecords() throws IOException {
    List<RawRecord> records =
        read("{\n  \"id\": 1,\n  \"tags\": [\n    \"a\"\n  ]\n}\n{\n  \"id\": 2\n}\n");

    assertThat(TextRecords.column(records, "id")).containsExactly("1", "2");
    assertThat(TextRecords.column(records, "tags")).containsExactly("[\"a\"]", null);
    assertThat(records).extracting(RawRecord::line).containsExactly(1L, 7L);
  }

  @Test
  void damageInAnObjectOverSeveralLinesCostsThatObject() throws IOException {
    String object = "  {\n    \"id\": %s,\n    \"user\": {\n      \"n\": 1\n    }\n  }";
    List<RawRecord> records =
        read(
            "[\n"
                + object.formatted("1")
                + ",\n"
                + object.formatted("oops")
                + ",\n"
                + object.formatted("3")
                + "\n]\n");

    assertThat(TextRecords.column(records, "id")).containsExactly("1", "3");
    assertThat(TextRecords.faulty(records)).extracting(RawRecord::line).containsExactly(8L);
  }

  @Test
  void damageInOneOfManyObjectsOnALineCostsThatObject() throws IOException {
    String text =
        "[" + object(1) + ", {\"id\": 2, \"text\": oops}, " + object(3) + "," + object(4) + "]";
    List<RawRecord> records = read(text);

    assertThat(TextRecords.column(records, "id")).containsExactly("1", "3", "4");
    assertThat(TextRecords.faulty(records)).hasSize(1);
  }

  @Test
  void lineThatIsCutCostsThatLine() throws IOException {
    List<RawRecord> records =
        read(
            object(1)
                + "\n{\"id\": 2, \"text\": \"cut\n"
                + object(3)
                + "\n{\"id\": 4\n"
                + object(5));

    assertThat(TextRecords.column(records, "id")).containsExactly("1", "3", "5");
    assertThat(TextRecords.faulty(records)).extracting(RawRecord::line).containsExactly(2L, 4L);
  }

  @Test
  void notANumberIsNoValue() throws IOException {
    List<RawRecord> records =
        read("{\"id\": 1, \"score\": NaN, \"x\": -Infinity, \"text\": \"NaN\"}\n");

    assertThat(records.get(0).fields()).isEqualTo(Map.of("id", "1", "text", "NaN"));
  }

  @Test
  void keyThatStandsTwiceIsARejectThatNamesIt() throws IOException {
    List<RawRecord> records = read("{\"id\": 1, \"text\": \"a\", \"text\": \"b\"}\n" + object(2));

    assertThat(TextRecords.faulty(records).get(0).fault()).contains("the key 'text' stands twice");
    assertThat(TextRecords.column(records, "id")).containsExactly("2");
  }

  @Test
  void nestedValuesAreFoundByPath() throws IOException {
    Map<String, String> fields =
        read("{\"user\": {\"name\": \"Ann\", \"a.b\": {\"c\": 5.0}}, \"tags\": [\"x\", {\"y\": 2}],"
                + " \"user.age\": 7}\n")
            .get(0)
            .fields();

    assertThat(fields.get("user.name")).isEqualTo("Ann");
    assertThat(fields.get("user.a.b.c")).isEqualTo("5.0");
    assertThat(fields.get("user.age")).isEqualTo("7");
    assertThat(fields.get("tags[0]")).isEqualTo("x");
    assertThat(fields.get("tags[1].y")).isEqualTo("2");
    assertThat(fields.get("tags[9]")).isNull();
    assertThat(fields.containsKey("user.none")).isFalse();
    assertThat(fields.keySet()).containsExactly("user", "tags", "user.age");
  }

  @Test
  void depthIsBounded() throws IOException {
    List<RawRecord> records =
        read("{\"x\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}\n" + object(2) + "\n");

    assertThat(TextRecords.faulty(records)).hasSize(1);
    assertThat(TextRecords.column(records, "id")).containsExactly("2");
  }

  @Test
  void objectLongerThanTheLimitIsOneReject() throws IOException {
    List<RawRecord> records =
        TextRecords.of(
            JSON.withMaxRecordCharacters(5000),
            object(1) + "\n{\"text\": \"" + "x".repeat(500_000) + "\"}\n" + object(3) + "\n");

    assertThat(TextRecords.column(records, "id")).containsExactly("1", "3");
    assertThat(TextRecords.faulty(records).get(0).fault()).contains("more than 5,000 characters");
  }

  @Test
  void halfOfASurrogatePairBecomesTheReplacementCharacter() throws IOException {
    List<RawRecord> records = read("{\"a\": \"x \\ud83d\", \"b\": \"\\ud83d\\ude00\"}\n");

    assertThat(records.get(0).fields()).containsEntry("a", "x \uFFFD").containsEntry("b", "😀");
  }

  @Test
  void carriageReturnsAloneEndLines() throws IOException {
    List<RawRecord> records = read(object(1) + "\roops\r" + object(3) + "\r");

    assertThat(TextRecords.column(records, "id")).containsExactly("1", "3");
    assertThat(TextRecords.faulty(records)).extracting(RawRecord::line).containsExactly(2L);
  }
}
