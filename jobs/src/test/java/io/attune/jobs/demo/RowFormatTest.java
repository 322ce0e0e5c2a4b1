package io.attune.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RowFormatTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void quotesCsvCellsThatHoldCommasQuotesOrLineEnds() {
    List<String> cells = List.of("a", "b,c", "say \"d\"", "e\nf");

    assertThat(RowFormat.CSV.row(List.of(), cells))
        .isEqualTo("a,\"b,c\",\"say \"\"d\"\"\",\"e\nf\"");
  }

  static List<Channel> channels() {
    return Channel.all();
  }

  @ParameterizedTest
  @MethodSource("channels")
  void readsBackAsManyRowsAsItSays(Channel channel) throws IOException {
    DemoFile file = DemoFile.of(channel, Night.SECOND, 11);
    List<List<String>> rows = rows(channel, text(file));
    int columns = channel.layout().header().size();
    int cut = file.defects().getOrDefault(Defect.CUT_ROW, 0);
    int misdated = file.defects().getOrDefault(Defect.WRONG_DATE, 0);
    List<List<String>> whole = rows.stream().filter(row -> row.size() == columns).toList();

    assertThat(rows).hasSize(file.items().size() + cut + misdated);
    assertThat(whole).hasSize(file.items().size() + misdated);
    assertThat(whole)
        .filteredOn(row -> !isDate(row.get(channel.layout().dateColumn())))
        .hasSize(misdated);
    List<String> ids = whole.stream().map(row -> row.get(0)).toList();
    assertThat(ids).containsAll(file.items().stream().map(Item::id).toList());
  }

  private static boolean isDate(String cell) {
    try {
      Object parsed = cell.length() == 10 ? LocalDate.parse(cell) : OffsetDateTime.parse(cell);
      return parsed != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static String text(DemoFile file) throws IOException {
    byte[] bytes = file.bytes();
    if (!file.path().endsWith(".gz")) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Returns the rows below the header; a truncated row of JSON has no cells. */
  private static List<List<String>> rows(Channel channel, String text) {
    List<String> header = channel.layout().header();
    if (channel.layout().format() == RowFormat.CSV) {
      List<List<String>> rows = csv(text);
      assertThat(rows.get(0)).isEqualTo(header);
      return rows.subList(1, rows.size());
    }
    List<List<String>> rows = new ArrayList<>();
    for (String line : text.lines().toList()) {
      boolean json = channel.layout().format() == RowFormat.JSON_LINES;
      rows.add(json ? json(header, line) : List.of(line.split("\t", -1)));
    }
    if (channel.layout().format().hasHeader()) {
      assertThat(rows.remove(0)).isEqualTo(header);
    }
    return rows;
  }

  private static List<String> json(List<String> header, String line) {
    try {
      JsonNode object = MAPPER.readTree(line);
      return header.stream().map(name -> object.path(name).asText("")).toList();
    } catch (JsonProcessingException e) {
      return List.of();
    }
  }

  /** Parses RFC 4180, character by character. */
  private static List<List<String>> csv(String text) {
    List<List<String>> rows = new ArrayList<>(List.of(new ArrayList<>()));
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ',' || c == '\n')) {
        rows.get(rows.size() - 1).add(cell.toString());
        cell.setLength(0);
        if (c == '\n') {
          rows.add(new ArrayList<>());
        }
      } else {
        cell.append(c);
      }
    }
    return rows.subList(0, rows.size() - 1);
  }
}
