package io.attune.jobs.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tests the file with the options of the JVMs that compute. */
class JvmOptionsTest {
  private static final Pattern RULE = Pattern.compile("-XX:CompileCommand=\\w+,([\\w.]+)::\\S+");

  private final JvmOptions options =
      JvmOptions.read(Path.of("..", "cluster", "conf", "jvm.options"));

  /** Tests that each rule names an existing class, since a JVM silently ignores other rules. */
  @Test
  void rulesOfTheCompilerAreForClassesThatThereAre() throws Exception {
    List<String> names =
        options.words().stream()
            .flatMap(word -> RULE.matcher(word).results())
            .map((MatchResult rule) -> rule.group(1))
            .toList();

    assertThat(names).isNotEmpty();
    for (String name : names) {
      assertThat(Class.forName(name, false, getClass().getClassLoader()).getDeclaredMethods())
          .as(name)
          .isNotEmpty();
    }
  }

  /**
   * Tests that {@code quiet} comes first, since the JVM would print each rule to standard output.
   */
  @Test
  void compilerIsQuietBeforeItsFirstRule() {
    assertThat(options.words())
        .filteredOn(word -> word.startsWith("-XX:CompileCommand="))
        .first()
        .isEqualTo("-XX:CompileCommand=quiet");
  }

  @Test
  void everyLineIsOneOption() {
    assertThat(options.words()).isNotEmpty().allMatch(word -> word.matches("-[^\\s\"']+"));
  }

  @Test
  void sparkIsGivenAllButWhatItOpensByItself() {
    assertThat(options.inCluster())
        .contains("--add-modules=jdk.incubator.vector", "maxphysicalbytes=0")
        .endsWith(" -Dorg.bytedeco.javacpp.cachedir=javacpp")
        .doesNotContain("--add-opens");
    assertThat(options.ofDriverHere()).doesNotContain("--add-opens", "cachedir");
  }

  /** Tests that the JVM of the tests itself has the options. */
  @Test
  void testsHaveThem() {
    assertThat(java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments())
        .containsAll(options.words());
  }
}
