package io.attune.jobs.init;

import io.attune.pipeline.input.value.SplitWords;
import java.util.List;
import org.apache.commons.lang3.StringUtils;

/** Names a task after its files. */
final class TaskName {
  private TaskName() {}

  /** Returns what the names of files have in common, or else the name of their folder. */
  static String of(List<Source> sources) {
    String[] names = sources.stream().map(Source::name).toArray(String[]::new);
    String common = StringUtils.getCommonPrefix(names).replaceAll("[-_]+$", "");
    boolean telling = common.length() >= 3 && SplitWords.of(common).isEmpty();
    if (telling || (sources.size() == 1 && SplitWords.of(common).isEmpty())) {
      return common;
    }
    String[] parts = sources.get(0).path().replace('\\', '/').split("/", -1);
    String folder =
        parts.length < 2 ? "" : parts[parts.length - 2].toLowerCase(java.util.Locale.ROOT);
    String plain = folder.replaceAll("[^a-z0-9_-]+", "-").replaceAll("^[-_]+|[-_]+$", "");
    return plain.isEmpty() ? "texts" : plain;
  }
}
