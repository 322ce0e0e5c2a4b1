package io.attune.jobs.submit;

import io.attune.schemas.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Holds the command line of the launcher, divided into the launcher's own options and the words of
 * the command.
 *
 * @param master the value of {@code --master}
 * @param cluster the value of {@code --cluster} as the name of a file of settings, also for the
 *     development cluster
 * @param isDev whether the cluster is the development cluster
 * @param words of the command, without the launcher's own options
 */
record Invocation(
    Optional<String> master, Optional<String> cluster, boolean isDev, List<String> words) {
  /** Names the commands that may run in a cluster; all others run on this machine. */
  private static final Set<String> NIGHT =
      Set.of(
          "demo",
          "nightly",
          "ingest",
          "clean",
          "tokenize",
          "shard",
          "train",
          "evaluate",
          "compare",
          "promote",
          "score",
          "monitor",
          "report",
          "stream");

  Invocation {
    words = List.copyOf(words);
  }

  /**
   * Parses a command line.
   *
   * @throws Failure.BadUsage if an option of the launcher has no value
   */
  static Invocation of(List<String> arguments) {
    String master = "";
    String cluster = "";
    List<String> words = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String word = arguments.get(i);
      if (word.equals("--master") || word.equals("--cluster")) {
        i++;
        if (i == arguments.size()) {
          throw new Failure.BadUsage(
              "%s needs a value, such as --master yarn or --cluster yarn", word);
        }
        if (word.equals("--master")) {
          master = arguments.get(i);
        } else {
          cluster = arguments.get(i);
        }
      } else if (word.startsWith("--master=")) {
        master = word.substring("--master=".length());
      } else if (word.startsWith("--cluster=")) {
        cluster = word.substring("--cluster=".length());
      } else {
        words.add(word);
      }
    }
    return new Invocation(present(master), settingsOf(cluster), isDev(cluster), words);
  }

  /** Returns the command: the first word that is not an option; empty if there is none. */
  String command() {
    return words.stream().filter(word -> !word.startsWith("-")).findFirst().orElse("");
  }

  /** Returns whether the command runs on this machine, whatever cluster is named. */
  boolean isForHere() {
    return !NIGHT.contains(command()) || words.contains("--help") || words.contains("-h");
  }

  private static boolean isDev(String cluster) {
    return cluster.equals("dev") || cluster.equals("dev-standalone");
  }

  /**
   * Returns the name of the settings of a cluster; the development cluster runs both YARN and a
   * standalone Spark.
   */
  private static Optional<String> settingsOf(String cluster) {
    return switch (cluster) {
      case "dev" -> Optional.of("yarn");
      case "dev-standalone" -> Optional.of("standalone");
      default -> present(cluster);
    };
  }

  private static Optional<String> present(String value) {
    return Optional.of(value).filter(text -> !text.isEmpty());
  }
}
