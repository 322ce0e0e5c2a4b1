package io.attune.jobs.submit;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;

/** Runs a command through spark-submit and returns the exit code of its driver. */
public final class Launcher {
  /**
   * Names the property that the script {@code attune} sets to its own folder, in a process that
   * submits.
   */
  private static final String HOME = "attune.home";

  private static final int BUG = 1;
  private static final int USAGE = 2;

  private final Invocation invocation;
  private final Installation installation;
  private final PrintWriter err;

  private Launcher(Invocation invocation, Installation installation, PrintWriter err) {
    this.invocation = invocation;
    this.installation = installation;
    this.err = err;
  }

  /** Returns whether this process submits its command instead of running it. */
  public static boolean isAsked() {
    return System.getProperty(HOME) != null;
  }

  /** Submits a command, waits for its end, and returns the exit code for this process. */
  public static int run(String[] arguments, PrintWriter err) {
    Path home = Path.of(System.getProperty(HOME, ""));
    try {
      Invocation invocation = Invocation.of(List.of(arguments));
      Path folder = Path.of("").toAbsolutePath();
      Installation installation = new Installation(home, System.getenv(), folder);
      return new Launcher(invocation, installation, err).run();
    } catch (Failure failure) {
      err.println("attune: " + failure.getMessage());
      return failure.exitCode();
    } catch (IllegalArgumentException e) { // SparkLauncher's, of an option that it does not take
      err.println("attune: spark-submit does not take these options: " + e.getMessage());
      return USAGE;
    } catch (IOException e) {
      err.println("attune: spark-submit could not be run: " + e);
      return BUG;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return BUG;
    }
  }

  private int run() throws IOException, InterruptedException {
    if (invocation.isDev() && !Files.isExecutable(installation.devCluster())) {
      throw new Failure.BadUsage("the development cluster belongs to a checkout");
    }
    String id = UUID.randomUUID().toString();
    Submission submission = new Submission(id, invocation, installation);
    SparkSubmit submit = new SparkSubmit(submission, installation.sparkHome(), System.err);
    if (!submission.isInCluster()) {
      return submit.run();
    }
    Optional<Cluster> cluster = cluster(submission);
    if (cluster.isEmpty()) {
      return DriverCode.elsewhere(submit.run());
    }
    try (Cluster asked = cluster.get()) {
      asked.watch();
      int code = asked.exitCode(submit.run());
      tellWhereItPrinted(asked);
      return code;
    }
  }

  /** Returns the cluster in which the driver runs, if it can be queried. */
  private Optional<Cluster> cluster(Submission submission) {
    if (!submission.isOnYarn() && !submission.isOnKubernetes()) {
      return Optional.empty();
    }
    Configuration hadoop = hadoop(submission);
    Ticket.require(hadoop, submission);
    return Optional.of(
        submission.isOnYarn()
            ? new YarnDriver(submission, tag -> YarnDriver.ask(hadoop, submission, tag), err)
            : new KubernetesDriver(submission.id(), KubernetesDriver.client(submission), err));
  }

  /** Returns the Hadoop configuration of spark-submit, from the class path and the settings. */
  private Configuration hadoop(Submission submission) {
    // These name the Kerberos server, for example.
    for (String word : installation.variable("SPARK_SUBMIT_OPTS").orElse("").split("\\s+", 0)) {
      int equals = word.indexOf('=');
      if (word.startsWith("-Djava.security.") && equals > 0) {
        System.setProperty(word.substring(2, equals), word.substring(equals + 1));
      }
    }
    Configuration hadoop = new Configuration();
    String prefix = "spark.hadoop.";
    for (String key : submission.settings().keys()) {
      if (key.startsWith(prefix)) {
        hadoop.set(key.substring(prefix.length()), submission.setting(key).orElse(""));
      }
    }
    return hadoop;
  }

  private void tellWhereItPrinted(Cluster asked) throws IOException, InterruptedException {
    if (invocation.isDev() && asked.name().isPresent()) {
      new ProcessBuilder(installation.devCluster().toString(), "logs", asked.name().get())
          .inheritIO()
          .start()
          .waitFor();
    } else {
      asked.printed().ifPresent(command -> err.println("The driver's output: " + command));
    }
  }
}
