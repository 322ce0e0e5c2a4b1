package io.attune.pipeline.input.value;

import io.attune.schemas.table.Split;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the names that files and columns give to splits. */
public final class SplitWords {
  private static final Map<String, Split> WORDS =
      Map.ofEntries(
          Map.entry("train", Split.TRAIN),
          Map.entry("training", Split.TRAIN),
          Map.entry("训练", Split.TRAIN),
          Map.entry("validation", Split.VALIDATION),
          Map.entry("valid", Split.VALIDATION),
          Map.entry("val", Split.VALIDATION),
          Map.entry("dev", Split.VALIDATION),
          Map.entry("development", Split.VALIDATION),
          Map.entry("eval", Split.VALIDATION),
          Map.entry("evaluation", Split.VALIDATION),
          Map.entry("publictest", Split.VALIDATION), // of competitions: what is seen before the end
          Map.entry("验证", Split.VALIDATION),
          Map.entry("开发", Split.VALIDATION),
          Map.entry("test", Split.TEST),
          Map.entry("testing", Split.TEST),
          Map.entry("privatetest", Split.TEST),
          Map.entry("holdout", Split.TEST),
          Map.entry("heldout", Split.TEST),
          Map.entry("测试", Split.TEST));

  private static final Pattern BETWEEN = Pattern.compile("[-_ ]");
  private static final Pattern SET = Pattern.compile("(?<=.)(set|数据集|数据|集)$");

  private SplitWords() {}

  /**
   * Returns the split that a word names, whatever its case, such as {@code train}, {@code
   * Training-Set} or {@code 训练集}; empty if it names none.
   */
  public static Optional<Split> of(String word) {
    String joined = BETWEEN.matcher(LabelText.key(word)).replaceAll("");
    return Optional.ofNullable(WORDS.get(SET.matcher(joined).replaceFirst("")));
  }
}
