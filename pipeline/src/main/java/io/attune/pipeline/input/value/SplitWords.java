package io.attune.pipeline.input.value;

import io.attune.schemas.table.Split;
import java.util.Map;
import java.util.Optional;

/** Reads the names that files and columns give to splits. */
public final class SplitWords {
  private static final Map<String, Split> WORDS =
      Map.ofEntries(
          Map.entry("train", Split.TRAIN),
          Map.entry("training", Split.TRAIN),
          Map.entry("validation", Split.VALIDATION),
          Map.entry("valid", Split.VALIDATION),
          Map.entry("val", Split.VALIDATION),
          Map.entry("dev", Split.VALIDATION),
          Map.entry("development", Split.VALIDATION),
          Map.entry("test", Split.TEST),
          Map.entry("testing", Split.TEST));

  private SplitWords() {}

  /** Returns the split that a word names, whatever its case; empty if it names none. */
  public static Optional<Split> of(String word) {
    return Optional.ofNullable(WORDS.get(LabelText.key(word)));
  }
}
