package io.attune.jobs.submit;

import io.attune.schemas.failure.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the configuration of a task in the words of a command, so that it can be sent with a driver
 * that runs in a cluster.
 *
 * @param file the path of the configuration as the user gave it; empty if there is none
 * @param words of the command, with the path of the configuration replaced by the file name under
 *     which the driver finds it
 */
record TaskFile(Optional<String> file, List<String> words) {
  private static final String DEFAULT = "attune.yaml";

  TaskFile {
    words = List.copyOf(words);
  }

  /**
   * Finds the configuration that a command names, or the default one.
   *
   * @param folder the working folder of the command
   * @throws Failure.BadUsage if it cannot be read
   */
  static TaskFile in(List<String> words, Path folder) {
    String file = "";
    List<String> changed = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("-c") || word.equals("--config")) {
        changed.add(word);
        if (i + 1 < words.size()) {
          i++;
          file = words.get(i);
          changed.add(name(file));
        }
      } else if (word.startsWith("--config=") || word.startsWith("-c")) {
        file = word.substring(word.startsWith("-c") ? 2 : "--config=".length());
        changed.addAll(List.of("-c", name(file)));
      } else {
        changed.add(word);
      }
    }
    if (file.isEmpty() && Files.exists(folder.resolve(DEFAULT))) {
      file = DEFAULT;
    }
    if (file.isEmpty()) {
      return new TaskFile(Optional.empty(), changed);
    }
    if (!Files.isReadable(folder.resolve(file))) {
      throw new Failure.BadUsage(
          "there is no configuration '%s' to send to the cluster; name one with --config", file);
    }
    return new TaskFile(Optional.of(file), changed);
  }

  private static String name(String file) {
    Path name = Path.of(file).getFileName();
    return name == null ? file : name.toString();
  }
}
