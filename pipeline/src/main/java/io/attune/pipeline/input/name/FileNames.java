package io.attune.pipeline.input.name;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tells what the names of files say of them, whoever reads them. */
public final class FileNames {
  /** Lists the endings of files that a program is still writing, copying or downloading. */
  private static final List<String> UNFINISHED =
      List.of(
          "._COPYING_",
          ".tmp",
          ".temp",
          ".part",
          ".partial",
          ".crdownload",
          ".filepart",
          ".download",
          ".swp",
          ".inprogress",
          ".in-progress",
          ".writing",
          ".lock",
          "~");

  private static final Pattern ABOUT =
      Pattern.compile(
          "(?i)(readme|licen[cs]e|copying|notice|changelog|notes|md5sums?|sha(1|256|512)sums?)([._-].*)?"
              + "|.*[.](md|md5|sha(1|256|512)|pdf|docx?|ini|bak|html?)|thumbs[.]db");

  private FileNames() {}

  /** Returns whether a name begins with {@code .} or {@code _}; a partition such as _day=1 not. */
  public static boolean isHidden(String name) {
    return name.startsWith(".") || (name.startsWith("_") && !name.contains("="));
  }

  /**
   * Returns the ending by which a name says that it, or a copy of it, is still being written; empty
   * if it does not.
   */
  public static Optional<String> unfinished(String name) {
    String small = name.toLowerCase(Locale.ROOT);
    return UNFINISHED.stream()
        .filter(ending -> small.endsWith(ending.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  /**
   * Returns whether a name is one of those that people give to what they put beside data. A file
   * whose name says its format is data all the same.
   */
  public static boolean isAbout(String name) {
    return ABOUT.matcher(name).matches();
  }
}
