package io.attune.pipeline.surge;

import io.attune.schemas.failure.Failure;
import java.io.Serializable;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Holds the masks of all series, as an analyst writes them in a file of annotations. */
public record Masks(List<Mask> masks) implements Serializable {
  public static final Masks NONE = new Masks(List.of());

  // The dates tell where a name and a reason end, so that both may contain commas.
  private static final Pattern LINE =
      Pattern.compile(
          "(?<series>.+?)\\s*,\\s*(?<from>\\d{4}-\\d{2}-\\d{2})\\s*,\\s*"
              + "(?<to>\\d{4}-\\d{2}-\\d{2})\\s*(?:,(?<reason>.*))?");
  private static final Pattern HEADER = Pattern.compile("series\\s*,\\s*from\\s*,\\s*to\\b.*");

  public Masks {
    masks = List.copyOf(masks);
  }

  /**
   * Reads lines of {@code series, from, to, reason}: days as in 2026-11-30, both included, {@code
   * *} for all series. A header, empty lines and lines that start with {@code #} say nothing.
   *
   * @param file named in messages
   * @throws Failure.BadInput with file and line, if one is not of this form
   */
  public static Masks parse(String file, List<String> lines) {
    List<Mask> masks = new ArrayList<>();
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1).strip();
      if (number == 1 && line.startsWith("\uFEFF")) {
        line = line.substring(1);
      }
      if (line.isEmpty() || line.startsWith("#") || HEADER.matcher(line).matches()) {
        continue;
      }
      masks.add(mask(file, number, line));
    }
    return new Masks(masks);
  }

  private static Mask mask(String file, int number, String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new Failure.BadInput(
          "%s, line %d is not of the form 'series, from, to, reason' with days as in 2026-11-30:"
              + " %s; correct the line, or put # before it",
          file, number, line);
    }
    try {
      return new Mask(
          unquoted(matcher.group("series")),
          LocalDate.parse(matcher.group("from")),
          LocalDate.parse(matcher.group("to")),
          matcher.group("reason") == null ? "" : unquoted(matcher.group("reason").strip()));
    } catch (DateTimeException | IllegalArgumentException wrong) {
      throw new Failure.BadInput(
          wrong,
          "%s, line %d: %s; correct the line, or put # before it",
          file,
          number,
          wrong.getMessage());
    }
  }

  private static String unquoted(String text) {
    return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
        ? text.substring(1, text.length() - 1).replace("\"\"", "\"")
        : text;
  }

  /** Returns the masks of one series, those of all series included. */
  public List<Mask> of(String series) {
    return masks.stream().filter(mask -> mask.isOf(series)).toList();
  }

  /** Returns the first mask that covers a day of a series. */
  public Optional<Mask> covering(String series, LocalDate day) {
    return masks.stream().filter(mask -> mask.covers(series, day)).findFirst();
  }

  /** Returns these masks and others. */
  public Masks and(Masks others) {
    List<Mask> all = new ArrayList<>(masks);
    all.addAll(others.masks);
    return new Masks(all);
  }

  /**
   * Returns masks over the gaps of a corpus: runs of at least so many days without any document,
   * between days that have some. A silent fortnight of the whole corpus is a missing delivery, not
   * a calm.
   *
   * @param total documents a day, of the whole corpus
   */
  public static Masks ofGaps(DailySeries total, int leastDays) {
    List<Mask> gaps = new ArrayList<>();
    int begin = -1;
    for (int day = 0; day < total.days(); day++) {
      if (total.count(day) > 0) {
        if (begin >= 0 && day - begin >= leastDays) {
          gaps.add(
              new Mask(
                  Mask.EVERY,
                  total.first().plusDays(begin),
                  total.first().plusDays(day - 1L),
                  "no documents at all"));
        }
        begin = day + 1;
      }
    }
    return new Masks(gaps);
  }
}
