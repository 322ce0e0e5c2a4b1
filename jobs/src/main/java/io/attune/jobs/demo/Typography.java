package io.attune.jobs.demo;

import java.util.Locale;
import java.util.regex.Pattern;

/** Corrects spaces and capitals of expanded grammar symbols. */
final class Typography {
  private static final Pattern SPACES = Pattern.compile(" +");
  private static final Pattern SPACE_BEFORE_MARK = Pattern.compile(" (?=[,.:])");
  private static final Pattern SENTENCE_START =
      Pattern.compile("(?:^|(?<=[.:] )|(?<= - ))\\p{javaLowerCase}");

  private Typography() {}

  /** Sets single spaces, none before punctuation, and a capital at each sentence start. */
  static String of(String expanded) {
    String spaced = SPACES.matcher(expanded.strip()).replaceAll(" ");
    String marked = SPACE_BEFORE_MARK.matcher(spaced).replaceAll("");
    return SENTENCE_START.matcher(marked).replaceAll(x -> x.group().toUpperCase(Locale.ROOT));
  }
}
