package io.attune.pipeline.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CsvTest {
  @Test
  void quotesWhatWouldBreakALine() {
    Csv csv = new Csv("name", "text").row("a", "b,c").row("d", "e \"f\"").row("g", "h\r\ni");

    assertThat(csv.toString())
        .isEqualTo("name,text\r\na,\"b,c\"\r\nd,\"e \"\"f\"\"\"\r\ng,\"h\r\ni\"\r\n");
  }

  @Test
  void disarmsTextsThatASpreadsheetWouldCalculate() {
    Csv csv = new Csv("text");
    for (String text : List.of("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1")) {
      csv.row(text);
    }

    assertThat(parse(csv.toString()).stream().skip(1).map(row -> row.get(0)))
        .containsExactly("'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", "'\rx", "'＝1");
  }

  @Test
  void leavesNumbersAndEmptyFieldsAlone() {
    assertThat(new Csv("a", "b", "c").row(-0.5, null, 12L)).hasToString("a,b,c\r\n-0.5,,12\r\n");
  }

  @Test
  void refusesARowOfAnotherWidth() {
    assertThatThrownBy(() -> new Csv("a", "b").row("x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a row of 1 fields in a table of 2 columns");
  }

  @Property(tries = 200, seed = "1")
  void everyTextReadsBackAsItWasButForTheApostrophe(@ForAll @Size(3) List<String> texts) {
    Csv csv = new Csv("a", "b", "c").row(texts.toArray());

    List<String> read = parse(csv.toString()).get(1);
    for (int i = 0; i < texts.size(); i++) {
      assertThat(read.get(i)).isIn(texts.get(i), "'" + texts.get(i));
    }
  }

  /** Parses RFC 4180 character by character. */
  private static List<List<String>> parse(String csv) {
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < csv.length(); i++) {
      char c = csv.charAt(i);
      boolean doubled = quoted && c == '"' && i + 1 < csv.length() && csv.charAt(i + 1) == '"';
      if (doubled) {
        field.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ',' || c == '\r')) {
        row.add(field.toString());
        field.setLength(0);
        if (c == '\r') {
          rows.add(row);
          row = new ArrayList<>();
          i++;
        }
      } else {
        field.append(c);
      }
    }
    return rows;
  }
}
