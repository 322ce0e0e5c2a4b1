package io.attune.pipeline.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class CsvReaderTest {
  private static final FileLayout CSV = FileLayout.of(Format.CSV);

  private static List<RawRecord> read(String text) throws IOException {
    return TextRecords.of(CSV, text);
  }

  private static String rows(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(i -> i + ",The text of row " + i + ".,good\n")
        .collect(Collectors.joining());
  }

  @Test
  void rowsThatBeginWithASignAreRecords() throws IOException {
    List<RawRecord> records = read("text,label\n#great day,good\n//no,bad\n;so,bad\n");

    assertThat(TextRecords.column(records, "text")).containsExactly("#great day", "//no", ";so");
  }

  @Test
  void quotesThatAreDoubledAndLineEndsInValuesBelongToThem() throws IOException {
    List<RawRecord> records =
        read(
            "id,text\r\n1,\"He said \"\"no\"\",\r\nand left\"\r\n2, \"spaced\" \r\n3,5\" tall\r\n");

    assertThat(TextRecords.column(records, "text"))
        .containsExactly("He said \"no\",\nand left", "spaced", "5\" tall");
    assertThat(records).extracting(RawRecord::line).containsExactly(2L, 4L, 5L);
  }

  @Test
  void quoteThatNeverClosesCostsItsLineAlone() throws IOException {
    List<RawRecord> records =
        read("id,text,label\n" + rows(1, 49) + "50,\"The open one,good\n" + rows(51, 400));

    assertThat(TextRecords.good(records)).hasSize(399);
    assertThat(TextRecords.faulty(records))
        .extracting(RawRecord::line, RawRecord::raw)
        .containsExactly(tuple(51L, "50,\"The open one,good"));
    assertThat(TextRecords.faulty(records).get(0).fault())
        .contains("a quote opens in line 51 and does not close");
  }

  @Test
  void quoteThatClosesInALaterRowSwallowsNone() throws IOException {
    String later = "60,\"Quoted, it is\",good\n";
    List<RawRecord> records =
        read("id,text,label\n50,\"The open one,good\n" + rows(51, 59) + later + rows(61, 70));

    assertThat(TextRecords.column(records, "id"))
        .containsExactlyElementsOf(IntStream.rangeClosed(51, 70).mapToObj(i -> "" + i).toList());
    assertThat(TextRecords.faulty(records)).extracting(RawRecord::line).containsExactly(2L);
  }

  @Test
  void quoteThatSeemsToCloseBehindWholeRowsSwallowsNone() throws IOException {
    List<RawRecord> records =
        read("id,text,label\n50,\"The open one,good\n" + rows(51, 59) + "60,a pipe 12\",good\n");

    assertThat(TextRecords.column(records, "id")).hasSize(10).startsWith("51").endsWith("60");
  }

  @Test
  void textOfManyLinesIsOneRecord() throws IOException {
    String text =
        IntStream.range(0, 300).mapToObj(i -> "line, " + i).collect(Collectors.joining("\n"));
    List<RawRecord> records = read("id,text,label\n1,\"" + text + "\",good\n2,b,bad\n");

    assertThat(TextRecords.column(records, "text")).containsExactly(text, "b");
    assertThat(records.get(1).line()).isEqualTo(302);
  }

  @Test
  void rowOfThousandsOfColumnsIsOneReject() throws IOException {
    List<RawRecord> records =
        read("id,text,label\n" + rows(1, 5) + ",".repeat(12_000) + "\n" + rows(6, 9));

    assertThat(TextRecords.good(records)).hasSize(9);
    assertThat(TextRecords.faulty(records))
        .extracting(RawRecord::fault)
        .containsExactly("the header has 3 columns, the record 12001");
    assertThat(TextRecords.faulty(records).get(0).raw()).hasSize(RawRecord.MAX_RAW);
  }

  @Test
  void valueThatBeginsWithAQuotedWordIsTakenAsItIs() throws IOException {
    List<RawRecord> records = read("text,stars\n\"Great\" product,5\n\"Bad\" thing,1\n");

    assertThat(TextRecords.column(records, "text"))
        .containsExactly("\"Great\" product", "\"Bad\" thing");
  }

  @Test
  void backslashesEscapeQuotesWhereTheLayoutSaysSo() throws IOException {
    FileLayout layout = CSV.withQuotes(null, "\\");
    List<RawRecord> records =
        TextRecords.of(
            layout, "id,text\n1,\"She said \\\"no\\\", and left\"\n2,\"C:\\\\\"\n3,\"a\\nb\"\n");

    assertThat(TextRecords.column(records, "text"))
        .containsExactly("She said \"no\", and left", "C:\\", "a\\nb");
  }

  @Test
  void otherQuotesAndNoneAreReadByTheLayout() throws IOException {
    String text = "id,text\n1,'a, b'\n";
    assertThat(TextRecords.column(TextRecords.of(CSV.withQuotes("'", null), text), "text"))
        .containsExactly("a, b");
    assertThat(TextRecords.faulty(TextRecords.of(CSV.withQuotes("", null), text))).hasSize(1);
  }

  @Test
  void headerThatNamesColumnsTwiceIsRefused() {
    assertThatThrownBy(() -> read("id,text,label,id,label\n1,a,b,2,c\n"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("the header has 'id' and 'label' twice");
  }

  @Test
  void columnsWithoutAHeaderAreNumbered() throws IOException {
    List<RawRecord> records = TextRecords.of(CSV.withoutHeader(), "4,\"a\nb\",x\n5,c,y\n6,d\n");

    assertThat(TextRecords.column(records, "2")).containsExactly("a\nb", "c");
    assertThat(TextRecords.faulty(records)).hasSize(1);
  }

  @Test
  void columnWithoutANameHasItsNumber() throws IOException {
    assertThat(read(",text\n7,a\n").get(0).fields())
        .containsEntry("1", "7")
        .containsEntry("text", "a");
  }

  @Test
  void linesBeforeTheHeaderAndTheSeparatorLineArePassedOver() throws IOException {
    List<RawRecord> records =
        TextRecords.of(CSV.withSkipLines(2), "Report of May\n\nsep=;\nid;text\n1;a, b\n");

    assertThat(TextRecords.column(records, "text")).containsExactly("a, b");
    assertThat(records.get(0).line()).isEqualTo(5);
  }

  @Test
  void carriageReturnsAloneEndRecords() throws IOException {
    List<RawRecord> records = read("id,text\r1,a\r2,\"b\nc\"\r3,d");

    assertThat(TextRecords.column(records, "text")).containsExactly("a", "b\nc", "d");
    assertThat(records).extracting(RawRecord::line).containsExactly(2L, 3L, 4L);
  }

  @Test
  void carriageReturnInAFileWithLineFeedsIsACharacter() throws IOException {
    assertThat(TextRecords.column(read("id,text\n1,a\rb\n2,c\n"), "text"))
        .containsExactly("a\rb", "c");
  }

  @Test
  void headerInTheMiddleIsARejectThatSaysSo() throws IOException {
    List<RawRecord> records = read("id,text\n1,a\n\uFEFFid,text\n2,b\n");

    assertThat(TextRecords.column(records, "text")).containsExactly("a", "b");
    assertThat(TextRecords.faulty(records).get(0).fault()).contains("the header stands here again");
  }

  @Test
  void recordLongerThanTheLimitIsOneReject() throws IOException {
    FileLayout layout = CSV.withMaxRecordCharacters(5000);
    List<RawRecord> records =
        TextRecords.of(
            layout,
            "id,text\n1,a\n"
                + ",".repeat(300_000)
                + "\n2,"
                + "x".repeat(300_000)
                + "\n3,b\n4,\""
                + "y\n".repeat(9000)
                + "5,c\n");

    assertThat(TextRecords.column(records, "text")).contains("a", "b", "c");
    assertThat(TextRecords.faulty(records).get(0).fault())
        .contains("has more than 5,000 characters");
    assertThat(TextRecords.faulty(records)).allMatch(record -> record.raw().length() <= 2000);
  }

  @Test
  void zerosAreDamage() throws IOException {
    List<RawRecord> records = read("id,text\n1,a\n\0\0\0\0,b\n3,c\n");

    assertThat(TextRecords.column(records, "text")).containsExactly("a", "c");
    assertThat(TextRecords.faulty(records).get(0).fault()).contains("character 0");
  }

  @Test
  void manyOpenQuotesAreReadInOnePass() {
    String text = "id,text\n" + "1,\"open\n".repeat(50_000);

    Assertions.assertTimeout(Duration.ofSeconds(20), () -> assertThat(read(text)).hasSize(50_000));
  }

  @Test
  void rowsWithoutAnyValueArePassedOverAsBlankLines() throws IOException {
    List<RawRecord> records = read("id,text\n1,a\n,\n\"\",\n,\n2,b\n,,\n" + ",\n".repeat(1000));

    assertThat(TextRecords.column(records, "id")).containsExactly("1", "2");
    assertThat(TextRecords.good(records)).extracting(RawRecord::line).containsExactly(2L, 6L);
    assertThat(TextRecords.faulty(records)).extracting(RawRecord::line).containsExactly(7L);
  }

  @Test
  void lineWithAnOpenQuoteThatIsTooLongCostsNoneBehindIt() throws IOException {
    for (int length = 994; length <= 1002; length++) {
      List<RawRecord> records =
          TextRecords.of(
              CSV.withMaxRecordCharacters(1000),
              "id,text\n1,\"" + "x".repeat(length) + "\n2,next\n3,last\n");

      assertThat(TextRecords.column(records, "text")).containsExactly("next", "last");
      assertThat(records).extracting(RawRecord::line).containsExactly(2L, 3L, 4L);
    }
  }

  @Test
  void tsvTakesQuotesAsTheyAreAndPassesEmptyRowsOver() throws IOException {
    List<RawRecord> records =
        TextRecords.of(FileLayout.of(Format.TSV), "id\ttext\n1\ta \"b\n\t\n\n3\tc\td\n");

    assertThat(TextRecords.good(records)).hasSize(1);
    assertThat(records.get(0).fields()).containsEntry("text", "a \"b");
    assertThat(TextRecords.faulty(records)).extracting(RawRecord::line).containsExactly(5L);
  }

  @Test
  void tsvLineAsLongAsTheLimitIsARecordAndALongerOneCostsNoneBehindIt() throws IOException {
    FileLayout layout = FileLayout.of(Format.TSV).withMaxRecordCharacters(1000);
    for (int tooMuch = 0; tooMuch <= 2; tooMuch++) {
      String text = "x".repeat(998 + tooMuch);
      List<RawRecord> records =
          TextRecords.of(layout, "id\ttext\n1\t" + text + "\n2\tnext\n3\tlast\n");

      assertThat(TextRecords.column(records, "text"))
          .containsExactlyElementsOf(
              tooMuch == 0 ? List.of(text, "next", "last") : List.of("next", "last"));
      assertThat(records).extracting(RawRecord::line).containsExactly(2L, 3L, 4L);
    }
  }

  @Test
  void tsvWithAQuoteIsReadWithQuotes() throws IOException {
    FileLayout layout = FileLayout.of(Format.TSV).withQuotes("\"", null);

    assertThat(TextRecords.column(TextRecords.of(layout, "id\ttext\n1\t\"a\tb\nc\"\n"), "text"))
        .containsExactly("a\tb\nc");
  }
}
