package io.attune.jobs.init;

import io.attune.pipeline.input.value.LabelText;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Asks about the classes of a head that is proposed. */
final class LabelDoubts {
  private static final int RARE = 5;

  /** Matches labels that may say that there is none. */
  private static final Pattern NONE =
      Pattern.compile(
          "(?i)#?(none|n\\.?/?a\\.?|null|nil|nan)|unknown|other|unsup|unlabell?ed|missing|blank|empty"
              + "|not (available|applicable|known|labell?ed)|unspecified|undefined|undetermined"
              + "|tb[dac]|[-—.?/*]+"
              + "|无|無|空|空白|未知|暂无|暫無|缺失|其他|其它|未标注|未標註|不详|不明|待定|待标注|不适用");

  private LabelDoubts() {}

  /** Adds to the finding of a column what is doubtful about its classes. */
  static Finding added(Finding finding, ColumnProfile column, Classes classes) {
    Finding asked = finding;
    if (!classes.nullWords().isEmpty()) {
      String words =
          classes.nullWords().entrySet().stream()
              .map(e -> "%,d records say '%s'".formatted(e.getValue(), e.getKey()))
              .collect(Collectors.joining(", "));
      asked = asked.withDoubt("%s: taken as no label (columns.null-words)".formatted(words));
    }
    List<String> doubtful =
        classes.names().stream().filter(name -> NONE.matcher(name).matches()).toList();
    if (!doubtful.isEmpty()) {
      asked =
          asked.withDoubt(
              "is %s a class, or no label? It was taken for a class; label-values with an empty"
                      .formatted(doubtful)
                  + " text makes it none");
    }
    Set<String> variants = variants(classes);
    if (!variants.isEmpty()) {
      asked =
          asked.withDoubt(
              "do these mean the same? They were taken for one class each (label-values): "
                  + Yaml.cut(String.join(", ", variants)));
    }
    List<String> joined = classes.names().stream().filter(n -> n.matches(".+[|;].+")).toList();
    if (!joined.isEmpty()) {
      asked =
          asked.withDoubt(
              "labels such as '%s' look like several in one, and each is taken for a class"
                  .formatted(Yaml.cut(joined.get(0))));
    }
    List<String> rare = classes.rarerThan(RARE);
    if (!rare.isEmpty()) {
      asked =
          asked.withDoubt(
              "%d classes have fewer than %d records: %s"
                  .formatted(rare.size(), RARE, Yaml.cut(rare.toString())));
    }
    if (column.filled() < 0.5) {
      asked =
          asked.withDoubt(
              "only %,d of %,d records have a label".formatted(classes.labelled(), column.total()));
    }
    return asked;
  }

  /** Returns the spellings that are other words than their class. */
  private static Set<String> variants(Classes classes) {
    Set<String> variants = new TreeSet<>();
    classes
        .spellings()
        .forEach(
            (spelling, name) -> {
              if (!LabelText.key(spelling).equals(LabelText.key(name))) {
                variants.add("'%s' for '%s'".formatted(spelling, name));
              }
            });
    return variants;
  }
}
