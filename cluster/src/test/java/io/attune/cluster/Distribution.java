package io.attune.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Locates the tarball of this build. */
final class Distribution {
  private Distribution() {}

  static Path tarball() {
    return Path.of(System.getProperty("attune.distribution"));
  }

  /** Unpacks it, and returns the folder with the launcher. */
  static Path unpack(Path folder) throws IOException, InterruptedException {
    Commands.Outcome tar =
        Commands.run("tar", "-xzf", tarball().toString(), "-C", folder.toString());
    assertThat(tar.code()).as(tar.said()).isZero();
    try (Stream<Path> unpacked = Files.list(folder)) {
      return unpacked
          .filter(path -> Files.isExecutable(path.resolve("attune")))
          .findFirst()
          .orElseThrow();
    }
  }
}
