package io.attune.jobs.init;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attune.jobs.init.ColumnProfile.Kind;
import io.attune.jobs.init.Finding.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds the columns of labels among those that nothing else is known of. */
final class Heads {
  /** Is the largest number of classes of a head that is proposed. */
  static final int MAX_CLASSES = 200;

  private static final Set<Kind> NO_LABELS =
      Set.of(Kind.URL, Kind.OBJECT, Kind.DATE, Kind.LIST, Kind.KEYWORDS);
  private static final int MAX_GRADES = 21;
  private static final int MAX_UNNAMED = 40;

  private static final Pattern NUMBERED = Pattern.compile("(.*?)[-_. ]?\\d{1,2}");
  private static final int MAX_CHARACTERS = 100;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Table table;
  private final List<Candidate> strong = new ArrayList<>();
  private final List<Candidate> weak = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, Head> heads = new LinkedHashMap<>();

  /**
   * Holds a head that is proposed.
   *
   * @param column that holds its labels
   */
  record Head(String column, Classes classes) {}

  private record Candidate(ColumnProfile column, Classes classes) {
    boolean is(Candidate other) {
      return column.column().equals(other.column().column());
    }

    Finding finding(Role role, String why) {
      return Finding.of(role, column, why);
    }
  }

  private Heads(Table table) {
    this.table = table;
  }

  /** Decides about columns; each of them is a head or left out afterwards. */
  static Heads among(List<ColumnProfile> columns, Table table) {
    Heads heads = new Heads(table);
    columns.forEach(heads::consider);
    heads.dropAnnotations();
    heads.dropRepetitions();
    heads.choose();
    return heads;
  }

  /** Returns the heads by their names. */
  Map<String, Head> heads() {
    return heads;
  }

  List<Finding> findings() {
    return findings;
  }

  private void consider(ColumnProfile column) {
    Map<String, Long> values = column.counts();
    boolean named = column.name().isLabel() && !isForeign(column);
    if (column.kind() == Kind.LIST && named) {
      values = items(column);
      if (values.isEmpty()) {
        return;
      }
    }
    Classes classes = Classes.withVariants(values);
    String fault = fault(column, classes, named);
    if (!fault.isEmpty()) {
      boolean single = classes.names().size() == 1 && !classes.areNumbers();
      if (named && single) {
        findings.add(
            Finding.of(Role.LEFT_OUT, column, fault)
                .withDoubt(
                    "'%s' could be a label, but it is '%s' everywhere: a head needs two classes"
                        .formatted(column.column(), Yaml.cut(classes.names().get(0)))));
        return;
      }
      boolean asks = named && classes.names().size() > 1 && column.kind() != Kind.OBJECT;
      String question = asks ? "is '%s' a label? %s".formatted(column.column(), fault) : "";
      findings.add(Finding.of(Role.LEFT_OUT, column, fault).withDoubt(question));
    } else {
      (named ? strong : weak).add(new Candidate(column, classes));
    }
  }

  /** Returns whether the name says another thing, though it ends as labels do. */
  private static boolean isForeign(ColumnProfile column) {
    List<String> words = column.name().words();
    return words.size() > 1
        && Set.of("user", "author", "verified", "helpful").contains(words.get(0));
  }

  /** Returns why the values of a column are no classes; empty if they can be. */
  private static String fault(ColumnProfile column, Classes classes, boolean named) {
    int most =
        column.name().isGrade() && classes.areNumbers()
            ? MAX_GRADES
            : named ? MAX_CLASSES : MAX_UNNAMED;
    int found = classes.names().size();
    if (column.kind() == Kind.EMPTY || found == 0) {
      return "no value";
    } else if (NO_LABELS.contains(column.kind()) && !(named && column.kind() == Kind.LIST)) {
      return column.kind().words();
    } else if (found == 1) {
      return "the same value everywhere: " + Yaml.cut(classes.names().get(0));
    } else if (!named && column.isUnique()) {
      return "a value of its own in every record (" + column.kind().words() + ")";
    } else if (classes.areMeasured()) {
      return "%d numbers with decimals, which are measured rather than classes".formatted(found);
    } else if (found > most) {
      return "%,d different values (%s), more than %d"
          .formatted(found, column.kind().words(), most);
    } else if (classes.names().stream().anyMatch(name -> name.length() > MAX_CHARACTERS)) {
      return "values longer than %d characters".formatted(MAX_CHARACTERS);
    } else if (classes.labelled() < (named ? 2L : 4L) * found) {
      return "%d values in %d records do not repeat enough".formatted(found, classes.labelled());
    }
    return "";
  }

  /** Counts the labels of lists that have one each; adds a finding where some have several. */
  private Map<String, Long> items(ColumnProfile column) {
    Map<String, Long> items = new HashMap<>();
    long several = 0;
    String example = "";
    for (Map.Entry<String, Long> value : column.counts().entrySet()) {
      JsonNode list = list(value.getKey());
      if (list.size() > 1) {
        several += value.getValue();
        example = value.getKey();
      }
      list.forEach(item -> items.merge(item.asText(), value.getValue(), Long::sum));
    }
    if (several == 0) {
      if (items.isEmpty()) {
        findings.add(Finding.of(Role.LEFT_OUT, column, "lists without a label"));
      }
      return items;
    }
    Classes classes = Classes.of(items);
    findings.add(
        Finding.of(Role.LEFT_OUT, column, "lists of labels, and a head takes one label")
            .withDoubt(
                "%,d of %,d documents have several labels in '%s', such as %s; the first of each"
                        .formatted(
                            several, column.values().size(), column.column(), Yaml.cut(example))
                    + " counts with columns: {labels: {%s: %s}, several-labels: first} and %d classes"
                        .formatted(
                            headName(column.column()), column.column(), classes.names().size())));
    return Map.of();
  }

  private static JsonNode list(String value) {
    try {
      return JSON.readTree(value);
    } catch (JsonProcessingException e) {
      return JSON.createArrayNode();
    }
  }

  /** Leaves out numbered columns beside the plain one, such as the answers of each annotator. */
  private void dropAnnotations() {
    for (Candidate plain : List.copyOf(strong)) {
      List<Candidate> numbered = strong.stream().filter(other -> isNumbered(other, plain)).toList();
      if (numbered.isEmpty()) {
        continue;
      }
      strong.removeAll(numbered);
      String kept = plain.column().column();
      String names =
          numbered.stream()
              .map(one -> "'" + one.column().column() + "'")
              .collect(Collectors.joining(", "));
      String doubt =
          "%s look like single annotations beside '%s', which was taken; each could be a head"
              .formatted(names, kept);
      for (Candidate one : numbered) {
        findings.add(
            one.finding(Role.LEFT_OUT, "one of several annotations of '%s'".formatted(kept))
                .withDoubt(one.is(numbered.get(0)) ? doubt : ""));
      }
    }
  }

  /** Returns whether a column has the name of another with a number, and classes of it. */
  private static boolean isNumbered(Candidate one, Candidate plain) {
    Matcher name = NUMBERED.matcher(one.column().column());
    return !one.is(plain)
        && name.matches()
        && name.group(1).equalsIgnoreCase(plain.column().column())
        && !Collections.disjoint(one.classes().names(), plain.classes().names());
  }

  /** Leaves out columns that say what another says, in other words or more finely. */
  private void dropRepetitions() {
    List<Candidate> kept = new ArrayList<>(strong);
    for (Candidate one : strong) {
      for (Candidate other : strong) {
        if (one.is(other) || !kept.contains(one) || !kept.contains(other)) {
          continue;
        }
        boolean determines = determines(one, other);
        boolean same = determines && determines(other, one);
        if (same && yieldsTo(one, other)) {
          kept.remove(one);
          findings.add(
              one.finding(Role.LEFT_OUT, "says the same as '%s'".formatted(other.column().column()))
                  .withDoubt(
                      "'%s' and '%s' say the same in other words (%s, %s); '%s' was taken"
                          .formatted(
                              other.column().column(),
                              one.column().column(),
                              Yaml.cut(other.classes().names().toString()),
                              Yaml.cut(one.classes().names().toString()),
                              other.column().column())));
        } else if (determines && !same && one.classes().areNumbers()) {
          kept.remove(one);
          findings.add(
              one.finding(Role.LEFT_OUT, "'%s' follows from it".formatted(other.column().column()))
                  .withDoubt(
                      "'%s' follows from '%s' (%s), which could be the head instead"
                          .formatted(
                              other.column().column(),
                              one.column().column(),
                              one.classes().described())));
        }
      }
    }
    strong.retainAll(kept);
  }

  /** Returns whether a column is left out for another that says the same: in words, or first. */
  private boolean yieldsTo(Candidate left, Candidate kept) {
    boolean words = !kept.classes().areNumbers();
    return words == left.classes().areNumbers()
        ? words
        : strong.indexOf(kept) < strong.indexOf(left);
  }

  /** Returns whether each value of one column goes with one value of the other. */
  private boolean determines(Candidate one, Candidate other) {
    Map<String, Set<String>> seen = new HashMap<>();
    int both = 0;
    for (Map<String, String> record : table.records()) {
      String from = record.get(one.column().column());
      String to = record.get(other.column().column());
      if (from != null && to != null) {
        both++;
        seen.computeIfAbsent(from.strip(), key -> new HashSet<>()).add(to.strip());
      }
    }
    return both >= 4 * seen.size() && seen.values().stream().allMatch(values -> values.size() == 1);
  }

  private void choose() {
    for (Candidate candidate : strong) {
      add(candidate, "its name, and " + candidate.classes().described(), "");
    }
    List<Candidate> proposals = new ArrayList<>(weak);
    proposals.removeIf(
        candidate ->
            candidate.column().name().isNoLabel()
                || (candidate.column().kind() == Kind.BOOLEAN && !strong.isEmpty()));
    if (strong.isEmpty() && !proposals.isEmpty()) {
      Candidate best = proposals.stream().max(Comparator.comparing(Heads::evidence)).orElseThrow();
      List<String> others =
          proposals.stream()
              .filter(candidate -> !candidate.is(best))
              .map(candidate -> "'" + candidate.column().column() + "'")
              .toList();
      add(
          best,
          "few values that repeat, " + best.classes().described(),
          "is '%s' the label?%s"
              .formatted(
                  best.column().column(),
                  others.isEmpty() ? "" : " It could also be " + String.join(", ", others)));
      weak.remove(best);
    }
    for (Candidate candidate : weak) {
      String guess =
          proposals.contains(candidate)
              ? "could be a head: "
              : "few values, but its name is not that of a label: ";
      findings.add(candidate.finding(Role.LEFT_OUT, guess + candidate.classes().described()));
    }
  }

  private static double evidence(Candidate candidate) {
    Kind kind = candidate.column().kind();
    double words = kind == Kind.WORDS || kind == Kind.PROSE ? 3 : kind == Kind.BOOLEAN ? 1 : 0;
    double few = candidate.classes().names().size() <= 10 ? 1 : 0;
    return words + few + candidate.column().filled();
  }

  private void add(Candidate candidate, String why, String doubt) {
    Classes classes = candidate.classes();
    String name = headName(candidate.column().column());
    String free = name;
    for (int i = 2; heads.containsKey(free); i++) {
      free = name + "-" + i;
    }
    heads.put(free, new Head(candidate.column().column(), classes));
    Finding finding = candidate.finding(Role.LABEL, why).withDoubt(doubt);
    if (!free.equals(name)) {
      finding =
          finding.withDoubt(
              "two columns would be head '%s'; this one is '%s'".formatted(name, free));
    }
    findings.add(LabelDoubts.added(finding, candidate.column(), classes));
  }

  /** Makes a head name from a column, without spaces and signs: outputs are named by it. */
  static String headName(String column) {
    String name = column.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "-");
    String trimmed = name.replaceAll("^-+|-+$", "");
    boolean says = trimmed.chars().anyMatch(Character::isLetter) && !trimmed.equals("folder");
    return says ? trimmed : "label";
  }
}
