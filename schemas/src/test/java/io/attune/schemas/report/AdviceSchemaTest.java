package io.attune.schemas.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.attune.schemas.json.Json;
import io.attune.schemas.report.Advice.FreshAccuracy;
import io.attune.schemas.report.Advice.Guess;
import io.attune.schemas.report.Advice.HeadDrift;
import io.attune.schemas.report.Advice.Model;
import io.attune.schemas.report.Advice.Reason;
import io.attune.schemas.report.Advice.Request;
import io.attune.schemas.report.Advice.Shift;
import io.attune.schemas.report.Advice.Window;
import io.attune.schemas.report.Evaluation.Interval;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdviceSchemaTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void adviceWithAndWithoutAModelFollowsTheSchemaAndReadsBack() throws IOException {
    for (Advice advice : List.of(full(), empty())) {
      assertThat(faults(MAPPER.readTree(Json.pretty(advice)))).isEmpty();
      assertThat(Json.read(Json.pretty(advice), Advice.class)).isEqualTo(advice);
    }
  }

  @Test
  void unknownVerdictAndAdviceWithoutAReasonBreakTheSchema() throws IOException {
    ObjectNode verdict = (ObjectNode) MAPPER.readTree(Json.pretty(full()));
    verdict.put("verdict", "perhaps");
    ObjectNode silent = (ObjectNode) MAPPER.readTree(Json.pretty(full()));
    silent.putArray("reasons");

    assertThat(faults(verdict)).singleElement().asString().contains("verdict");
    assertThat(faults(silent)).singleElement().asString().contains("reasons");
  }

  @Test
  void schemaNamesExactlyTheFieldsOfEachRecord() throws IOException {
    JsonNode schema = MAPPER.readTree(schema());
    Map<String, Class<?>> records =
        Map.of(
            "reason", Reason.class,
            "model", Model.class,
            "window", Window.class,
            "headDrift", HeadDrift.class,
            "shift", Shift.class,
            "freshAccuracy", FreshAccuracy.class,
            "interval", Interval.class,
            "request", Request.class,
            "guess", Guess.class);

    assertThat(fields(schema)).containsExactly(components(Advice.class));
    assertThat(schema.get("$defs").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrderElementsOf(records.keySet());
    records.forEach(
        (name, type) ->
            assertThat(fields(schema.get("$defs").get(name)))
                .as(name)
                .containsExactly(components(type)));
  }

  private static List<String> fields(JsonNode schema) {
    List<String> names = new ArrayList<>();
    schema.get("properties").fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static String[] components(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(RecordComponent::getName)
        .toArray(String[]::new);
  }

  private static Set<ValidationMessage> faults(JsonNode advice) throws IOException {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(new String(schema(), StandardCharsets.UTF_8))
        .validate(advice);
  }

  private static byte[] schema() throws IOException {
    try (InputStream in = Advice.class.getResourceAsStream("advice.schema.json")) {
      return in.readAllBytes();
    }
  }

  private static Advice empty() {
    return new Advice(
        Advice.VERSION,
        "news",
        "2026-01-02.1",
        "2026-01-02",
        Advice.NONE,
        List.of(new Reason("unknown", false, "No model is in use yet.")),
        null,
        null,
        List.of(),
        List.of(),
        List.of());
  }

  private static Advice full() {
    Shift shift = new Shift(0.31, 0.02, 1e-6, 2e-6);
    return new Advice(
        Advice.VERSION,
        "news",
        "2026-01-20.1",
        "2026-01-20",
        Advice.TRAIN_AGAIN,
        List.of(new Reason("drift", true, "Answers have changed.")),
        new Model("2026-01-02.1", "2026-01-02", 18, 4000, 900, 17),
        new Window("2025-12-24", "2026-01-20", 700, 400),
        List.of(
            new HeadDrift(
                "sentiment",
                700,
                500,
                HeadDrift.MUCH_CHANGED,
                shift,
                0.1,
                "negative",
                0.5,
                0.3,
                shift,
                0.7,
                0.9),
            new HeadDrift("topic", 700, 500, HeadDrift.SAME, null, 0.0, "", 1, 1, null, 0.7, null)),
        List.of(new FreshAccuracy("sentiment", 300, 0.7, new Interval(0.65, 0.75), 0.85, true)),
        List.of(
            new Request(
                "wire:1",
                "Northwire",
                "2026-01-19",
                "Shares fell",
                List.of(new Guess("sentiment", "negative", 0.4, "neutral", 0.39)))));
  }
}
