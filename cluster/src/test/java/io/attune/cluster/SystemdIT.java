package io.attune.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The units of {@code schedules/systemd}, installed as OPERATIONS.md says, under a systemd of the
 * tests' own. In place of the night there is a script that ends with the codes it is given, and
 * between two attempts a tenth of a second instead of ten minutes.
 */
@Tag("cluster")
class SystemdIT {
  private static final Path SYSTEMD = Path.of("/lib/systemd/systemd");
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir static Path folder;
  private static Process namespaces;

  @BeforeAll
  static void bootAndInstall() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can make namespaces");
    assumeTrue(Files.isExecutable(SYSTEMD), "there is no " + SYSTEMD);
    namespaces =
        new ProcessBuilder(
                "unshare",
                "--fork",
                "--kill-child",
                "--pid",
                "--mount",
                "--uts",
                "--ipc",
                "--net",
                "--cgroup",
                Path.of("src/test/resources/boot-systemd").toAbsolutePath().toString(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("boot.txt").toFile())
            .start();
    await("running", "systemctl", "is-system-running");
    install("/opt/attune/attune", "755", NIGHT);
    install("/etc/attune/page", "755", PAGE);
    install("/etc/attune/environment", "600", "WHERE=/var/lib/attune\n");
    for (String unit : List.of("nightly@.service", "nightly@.timer", "page@.service")) {
      Path file = Path.of("schedules", "systemd", "attune-" + unit);
      install("/etc/systemd/system/attune-" + unit, "644", Files.readString(file));
    }
    install(
        "/etc/systemd/system/attune-nightly@.service.d/quick.conf",
        "644",
        "[Service]\nRestartSec=100ms\n");
    install(
        "/etc/systemd/system/attune-nightly@timed.timer.d/soon.conf",
        "644",
        "[Timer]\nOnCalendar=\nOnCalendar=*:*:0/2\nRandomizedDelaySec=0\nAccuracySec=100ms\n");
    inside("useradd", "--system", "attune");
    inside("install", "-d", "-o", "attune", "/var/lib/attune");
    inside("systemctl", "daemon-reload");
  }

  /** Called as the night is: attune nightly -c /etc/attune/TASK.yaml. Each attempt is a line. */
  private static final String NIGHT =
      """
      #!/bin/bash
      codes=$WHERE/$(basename "$3" .yaml).codes
      attempts=${codes%.codes}.attempts
      echo "$(id -un) $*" >>"$attempts"
      code=$(sed -n "$(wc -l <"$attempts")p" "$codes")
      case $code in
        KILL) kill -KILL $$ ;;
        wait) sleep 1000 ;;
        *) exit "$code" ;;
      esac
      """;

  private static final String PAGE =
      """
      #!/bin/sh
      echo "$MONITOR_EXIT_STATUS" >>"$WHERE/$1.pages"
      """;

  @AfterAll
  static void halt() throws InterruptedException {
    if (namespaces != null) {
      namespaces.destroyForcibly().waitFor();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "done, 0, 1, ''",
    "published, 4, 1, ''",
    "a-bug, 1, 1, 1",
    "misspelt, 2, 1, 2",
    "diverged, 6, 1, 6",
    "place-was-away, 3 0, 2, ''",
    "busy-then-killed, 7 KILL 0, 3, ''",
    "place-is-gone, 3 3 3 3 0, 4, 3",
    "lost-then-a-bug, 137 1 0, 2, 1",
  })
  void triesAgainWhereThatMayHelpAndPagesOtherwise(
      String task, String codes, int attempts, String page) throws Exception {
    start(task, codes.split(" "));
    String service = "attune-nightly@" + task;
    await(page.isEmpty() ? "inactive" : "failed", "systemctl", "is-active", service);
    await("inactive", "systemctl", "is-active", "attune-page@" + task);

    assertThat(lines(task + ".attempts"))
        .hasSize(attempts)
        .containsOnly("attune nightly -c /etc/attune/" + task + ".yaml");
    assertThat(lines(task + ".pages")).isEqualTo(page.isEmpty() ? List.of() : List.of(page));
  }

  @Test
  void nightThatIsStoppedIsNoFailureAndStaysStopped() throws Exception {
    start("stopped", "wait");
    await("active", "systemctl", "is-active", "attune-nightly@stopped");
    inside("systemctl", "stop", "attune-nightly@stopped");

    assertThat(said("systemctl", "is-active", "attune-nightly@stopped")).isEqualTo("inactive");
    assertThat(lines("stopped.attempts")).hasSize(1);
    assertThat(lines("stopped.pages")).isEmpty();
  }

  @Test
  void timerFiresTheNight() throws Exception {
    codes("timed", "0");
    inside("systemctl", "enable", "--now", "attune-nightly@timed.timer");
    Instant end = Instant.now().plus(LIMIT);
    while (lines("timed.attempts").isEmpty()) {
      assertThat(Instant.now()).as("the timer fires").isBefore(end);
      Thread.sleep(100);
    }
    inside("systemctl", "disable", "--now", "attune-nightly@timed.timer");

    assertThat(lines("timed.attempts")).contains("attune nightly -c /etc/attune/timed.yaml");
  }

  private static void start(String task, String... codes) throws Exception {
    codes(task, codes);
    inside("systemctl", "start", "attune-nightly@" + task);
  }

  private static void codes(String task, String... codes) throws Exception {
    install("/var/lib/attune/" + task + ".codes", "644", String.join("\n", codes) + "\n");
  }

  private static List<String> lines(String name) throws Exception {
    String path = "/var/lib/attune/" + name;
    return said("sh", "-c", "! [ -e " + path + " ] || cat " + path).lines().toList();
  }

  private static void install(String path, String mode, String text) throws Exception {
    String script = "mkdir -p \"${1%/*}\" && printf %s \"$2\" >\"$1\" && chmod \"$3\" \"$1\"";
    inside("sh", "-c", script, "sh", path, text, mode);
  }

  private static void inside(String... command) throws Exception {
    Commands.Outcome outcome = Commands.run(entering(command));
    assertThat(outcome.code()).as(outcome.said()).isZero();
  }

  private static String said(String... command) throws Exception {
    return Commands.run(entering(command)).said().strip();
  }

  private static void await(String what, String... command) throws Exception {
    Instant end = Instant.now().plus(LIMIT);
    String said = "";
    while (!said.equals(what)) {
      assertThat(Instant.now()).as("%s says %s", Arrays.toString(command), said).isBefore(end);
      Thread.sleep(100);
      said = said(command);
    }
  }

  /** A command for the inside of the namespaces, whose first process unshare has started. */
  private static String[] entering(String... command) {
    long init = namespaces.children().findFirst().map(ProcessHandle::pid).orElse(-1L);
    List<String> words =
        new ArrayList<>(
            List.of("nsenter", "--target", Long.toString(init), "--all", "--root", "--wd"));
    words.addAll(List.of(command));
    return words.toArray(String[]::new);
  }
}
