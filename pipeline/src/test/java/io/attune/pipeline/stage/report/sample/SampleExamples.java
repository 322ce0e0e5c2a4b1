package io.attune.pipeline.stage.report.sample;

import io.attune.schemas.report.Evaluation.AttendedSpan;
import io.attune.schemas.report.Evaluation.Example;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Samples the examples of a night, with hostile text among them. */
final class SampleExamples {
  private static final String LOSS =
      "Northwind said it does not expect the loss to narrow before spring, contrary to what"
          + " analysts had hoped.";
  private static final String PROFIT = "公司表示，尽管营收增长，净利润并未好于预期，股价盘后下跌。";
  private static final String DEAL =
      "The bank said the refinery deal would close once the regulator agrees 🙂 or not.";
  private static final String ORDERS =
      "Orders rose 12% and the company raised its outlook for the year; margins, it said,"
          + " would not suffer.";

  private final String kind;
  private final String text;
  private final List<AttendedSpan> attention;

  private SampleExamples(String kind, String text, Map<String, Double> weights) {
    this.kind = kind;
    this.text = text;
    this.attention = attention(text, weights);
  }

  static List<Example> of(int times) {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      String id = "d-" + i;
      examples.add(
          worst(
                  LOSS,
                  Map.of("hoped", 0.31, "narrow", 0.22, "loss", 0.12, "not", 0.05, "spring", 0.04))
              .on("sentiment", id + 1, "negative", "positive", 0.984));
      examples.add(
          worst(PROFIT, Map.of("增长", 0.34, "好于", 0.2, "预期", 0.11, "并未", 0.06, "下跌", 0.09))
              .on("sentiment", id + 2, "negative", "positive", 0.951));
      examples.add(
          worst(SampleNight.HOSTILE, Map.of("<script>", 0.4, "quoted", 0.2))
              .on("topic", id + 3, "regulation", "technology", 0.93));
      examples.add(
          leastCertain(SampleNight.CONTROLS, Map.of("warning", 0.5, "end", 0.1))
              .on("sentiment", id + 4, "neutral", "negative", 0.351));
      examples.add(
          leastCertain(DEAL, Map.of("deal", 0.3, "refinery", 0.24, "regulator", 0.2, "bank", 0.1))
              .on("topic", id + 5, null, "mergers", 0.338));
      examples.add(
          new SampleExamples(
                  "typical",
                  ORDERS,
                  Map.of("rose", 0.26, "raised", 0.24, "outlook", 0.1, "not suffer", 0.13))
              .on("sentiment", id + 6, "positive", "positive", 0.962));
    }
    return examples;
  }

  private static SampleExamples worst(String text, Map<String, Double> weights) {
    return new SampleExamples("worst-error", text, weights);
  }

  private static SampleExamples leastCertain(String text, Map<String, Double> weights) {
    return new SampleExamples("least-certain", text, weights);
  }

  private Example on(
      String head, String id, String expected, String predicted, double probability) {
    return new Example(kind, id, head, text, expected, predicted, probability, attention);
  }

  private static List<AttendedSpan> attention(String text, Map<String, Double> weights) {
    return weights.entrySet().stream()
        .map(
            entry -> {
              int start = text.indexOf(entry.getKey());
              return new AttendedSpan(start, start + entry.getKey().length(), entry.getValue());
            })
        .sorted(Comparator.comparingInt(AttendedSpan::start))
        .toList();
  }
}
