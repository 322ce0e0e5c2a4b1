package io.attune.jobs.init;

import io.attune.schemas.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/** Holds a first configuration for files that nothing is known about yet. */
public final class FirstConfig {
  private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:.*");
  private final Draft draft;

  private FirstConfig(Draft draft) {
    this.draft = draft;
  }

  /**
   * Reads files and infers what they hold.
   *
   * @param files or folders, local paths or URIs; at least one
   * @param task its name; null to take it from the files
   */
  public static FirstConfig of(List<String> files, String task, Configuration hadoop) {
    List<Source> sources;
    try (Samples samples = new Samples(hadoop)) {
      sources =
          files.stream()
              .map(
                  file ->
                      SCHEME.matcher(file).matches() && !Files.exists(Path.of(file))
                          ? file
                          : Path.of(file).toAbsolutePath().normalize().toString())
              .flatMap(file -> Sources.read(file, samples).stream())
              .toList();
    }
    return new FirstConfig(Draft.of(task == null ? TaskName.of(sources) : task, sources));
  }

  public String task() {
    return draft.task();
  }

  /**
   * Returns the configuration.
   *
   * @param folder that it will lie in
   */
  public String yaml(Path folder) {
    return ConfigTemplate.of(draft, folder.toAbsolutePath());
  }

  /** Returns what was found and why, for a person. */
  public List<String> lines() {
    return InitReport.lines(draft);
  }

  /** Returns the same on one line, for a program. */
  public String json(Path config) {
    return Json.line(InitReport.json(draft, config.toString()));
  }
}
