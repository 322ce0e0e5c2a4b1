package io.attune.jobs.init;

import io.attune.jobs.init.Draft.Part;
import io.attune.jobs.init.Finding.Role;
import io.attune.pipeline.input.value.LabelText;
import io.attune.pipeline.input.value.PublishedAt;
import io.attune.schemas.model.RunLanguages;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Tells a person, or a program, what a draft says and why. */
final class InitReport {
  private static final int DOCUMENTS = 3;

  private InitReport() {}

  /** Returns the lines for a terminal. */
  static List<String> lines(Draft draft) {
    List<String> lines = new ArrayList<>();
    Set<InferredColumns> told = new HashSet<>();
    for (Part part : draft.parts()) {
      Source source = part.source();
      lines.add(
          "%s: %,d records%s%s"
              .formatted(
                  source.path(),
                  source.table().total(),
                  layout(source),
                  part.split().map(split -> ", split " + split.word()).orElse("")));
      source.notes().forEach(note -> lines.add("  %-13s %s".formatted("", Yaml.visible(note))));
      if (told.add(part.columns())) {
        columns(part, lines);
      }
    }
    lines.add("  %-13s %s".formatted("split.by", draft.splitReason()));
    GateForecast.of(draft)
        .ifPresent(gate -> lines.add("  %-13s %s".formatted("gate", gate.sentence())));
    List<String> doubts = draft.doubts();
    if (!doubts.isEmpty()) {
      lines.add("");
      lines.add("Please check:");
      doubts.forEach(doubt -> lines.add("  ? " + Yaml.visible(doubt)));
    }
    lines.add("");
    lines.add("Documents as they would be read:");
    documents(draft)
        .forEach(
            document ->
                lines.add(
                    "  "
                        + document.entrySet().stream()
                            .map(entry -> entry.getKey() + ": " + entry.getValue())
                            .collect(Collectors.joining(" | "))));
    lines.add("");
    return lines;
  }

  private static String layout(Source source) {
    return source.layout().entrySet().stream()
        .map(entry -> ", " + entry.getKey() + " " + Yaml.visible(shown(entry.getValue())))
        .collect(Collectors.joining());
  }

  private static String shown(String value) {
    return value.equals("\t")
        ? "tab"
        : value.length() == 1 && value.charAt(0) < ' '
            ? "'\\u%04x'".formatted((int) value.charAt(0))
            : value.length() == 1 ? "'" + value + "'" : value;
  }

  private static void columns(Part part, List<String> lines) {
    for (Finding finding : part.columns().findings()) {
      if (finding.role() == Role.LEFT_OUT) {
        continue;
      }
      String head =
          part.columns().heads().entrySet().stream()
              .filter(entry -> finding.role() == Role.LABEL)
              .filter(entry -> entry.getValue().column().equals(finding.column()))
              .map(entry -> " → head " + entry.getKey())
              .collect(Collectors.joining());
      lines.add(
          "  %-13s '%s'%s: %s"
              .formatted(
                  finding.role().key(),
                  Yaml.cut(finding.column()),
                  head,
                  Yaml.visible(finding.why())));
    }
    if (part.columns().column(Role.LANGUAGE).isEmpty()) {
      lines.add("  %-13s %s".formatted("language", part.language().orElse(unwritten(part))));
    }
    part.columns()
        .leftOut()
        .forEach(
            (why, columns) ->
                lines.add(
                    "  %-13s %s: %s".formatted(Role.LEFT_OUT.key(), columns, Yaml.visible(why))));
  }

  /** Says why no language is written. */
  private static String unwritten(Part part) {
    SortedMap<String, Double> languages = part.languages().shares(RunLanguages.LEAST);
    return languages.size() > 1
        ? new RunLanguages(languages).describe() + ": none is written"
        : "not known, or several: none is written";
  }

  /** Returns the first documents of the sample, with what each of them would have. */
  static List<Map<String, String>> documents(Draft draft) {
    List<Map<String, String>> documents = new ArrayList<>();
    for (Part part : draft.parts()) {
      String text = part.columns().column(Role.TEXT).orElseThrow();
      List<Map<String, String>> records =
          part.source().table().records().stream().filter(r -> r.containsKey(text)).toList();
      int wanted = Math.max(1, DOCUMENTS / draft.parts().size());
      for (int i = 0; i < wanted && i < records.size() && documents.size() < DOCUMENTS; i++) {
        documents.add(document(part, records.get((int) ((long) i * records.size() / wanted))));
      }
    }
    return documents;
  }

  private static Map<String, String> document(Part part, Map<String, String> record) {
    Map<String, String> document = new LinkedHashMap<>();
    for (Role role :
        List.of(Role.ID, Role.TITLE, Role.TEXT, Role.SOURCE, Role.LANGUAGE, Role.SPLIT)) {
      part.columns()
          .column(role)
          .map(record::get)
          .ifPresent(value -> document.put(role.key(), Yaml.cut(value.strip())));
    }
    part.columns()
        .dates()
        .ifPresent(
            dates -> {
              String written = record.get(dates.finding().column());
              if (written != null && !LabelText.NULL_WORDS.contains(written.strip())) {
                document.put("published-at", read(dates.form(), written));
              }
            });
    part.columns()
        .heads()
        .forEach(
            (name, head) -> {
              String label = record.get(head.column());
              document.put(name, label == null ? "no label" : label(head.classes(), label.strip()));
            });
    return document;
  }

  private static String read(String form, String written) {
    try {
      return PublishedAt.of(form, "UTC").parse(written).toString();
    } catch (DateTimeException e) {
      return "rejected, " + e.getMessage();
    }
  }

  private static String label(Classes classes, String label) {
    if (LabelText.NULL_WORDS.contains(label)) {
      return "no label";
    }
    return Yaml.cut(classes.spellings().getOrDefault(label, label));
  }

  /** Returns the same for a program. */
  static Map<String, Object> json(Draft draft, String config) {
    List<Map<String, Object>> corpora = new ArrayList<>();
    for (Part part : draft.parts()) {
      Map<String, Object> corpus = new LinkedHashMap<>();
      corpus.put("name", part.corpus());
      corpus.put("path", part.source().path());
      corpus.put("layout", part.source().layout());
      corpus.put("records", part.source().table().total());
      corpus.put("notes", part.source().notes());
      part.split().ifPresent(split -> corpus.put("split", split.word()));
      part.language().ifPresent(language -> corpus.put("language", language));
      List<Map<String, Object>> columns = new ArrayList<>();
      for (Finding finding : part.columns().findings()) {
        columns.add(
            Map.of(
                "role", finding.role().key(),
                "column", finding.column(),
                "why", finding.why(),
                "doubt", finding.doubt()));
      }
      corpus.put("columns", columns);
      part.columns().dates().ifPresent(dates -> corpus.put("date-form", dates.form()));
      Map<String, String> labels = new LinkedHashMap<>();
      part.columns().heads().forEach((name, head) -> labels.put(name, head.column()));
      corpus.put("labels", labels);
      corpora.add(corpus);
    }
    Map<String, Object> heads = new LinkedHashMap<>();
    draft.heads().forEach((name, classes) -> heads.put(name, classes.names()));
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("config", config);
    all.put("task", draft.task());
    all.put("corpora", corpora);
    all.put("heads", heads);
    all.put("split-by", draft.byTime() ? "time" : "hash");
    GateForecast.of(draft)
        .ifPresent(
            gate ->
                all.put(
                    "gate",
                    Map.of(
                        "test-rows", gate.power().rows(),
                        "margins", gate.margins(),
                        "promoted", gate.power().probability(),
                        "says", gate.sentence())));
    all.put("check", draft.doubts());
    all.put("documents", documents(draft));
    return all;
  }
}
