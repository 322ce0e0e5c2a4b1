package io.attune.jobs.submit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.launcher.SparkLauncher;

/**
 * Runs spark-submit for one submission. A signal that stops this process also stops spark-submit,
 * and with it a driver on this machine, since a scheduler knows only this process.
 */
final class SparkSubmit {
  private static final String MAIN = "io.attune.jobs.Attune";

  /** Matches the start of a warning that the JVM always prints. */
  private static final String NOISE = "WARNING: Using incubator modules";

  /**
   * Limits the wait for the last output of a driver; its child processes may hold the pipe open.
   */
  private static final long SECONDS_TO_DRAIN = 2;

  private final Submission submission;
  private final Path sparkHome;
  private final OutputStream err;
  private final CountDownLatch passedOn = new CountDownLatch(1);
  private Path properties;
  private Process process;
  private boolean isStopped;
  private volatile boolean hasEnded;

  /**
   * Prepares spark-submit for a submission.
   *
   * @param err receives the standard error of a driver on this machine
   */
  SparkSubmit(Submission submission, Path sparkHome, OutputStream err) {
    this.submission = submission;
    this.sparkHome = sparkHome;
    this.err = err;
  }

  /** Runs spark-submit and returns its exit code, above 128 if a signal ended it. */
  int run() throws IOException, InterruptedException {
    Thread stop = new Thread(this::stop, "stop");
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      start();
      process.getOutputStream().close();
      if (!submission.isInCluster()) {
        passOn(process.getErrorStream(), err);
      }
      passedOn.countDown();
      int code = process.waitFor();
      hasEnded = true;
      return code;
    } finally {
      remove();
    }
  }

  private synchronized void start() throws IOException {
    if (isStopped) {
      throw new IOException("stopped before there was a driver");
    }
    String folder = Optional.ofNullable(System.getenv("TMPDIR")).orElse("/tmp");
    properties = submission.settings().write(Path.of(folder));
    process = launcher().launch();
  }

  private SparkLauncher launcher() {
    SparkLauncher launcher =
        new SparkLauncher(submission.variables())
            .setSparkHome(sparkHome.toString())
            .setPropertiesFile(properties.toString())
            .setMainClass(MAIN)
            .setAppName("attune " + submission.command())
            .setAppResource(submission.mainJar().toString())
            .addAppArgs(submission.words().toArray(String[]::new))
            .redirectOutput(Redirect.INHERIT);
    submission.master().ifPresent(launcher::setMaster);
    for (SubmitOptions.Entry option : submission.options()) {
      option
          .value()
          .ifPresentOrElse(
              value -> launcher.addSparkArg(option.name(), value),
              () -> launcher.addSparkArg(option.name()));
    }
    submission.jars().forEach(launcher::addJar);
    submission.files().forEach(launcher::addFile);
    if (submission.isInCluster()) {
      return launcher.setDeployMode("cluster").redirectError(Redirect.INHERIT);
    }
    return launcher.setDeployMode("client");
  }

  /**
   * Stops spark-submit and ends this JVM with its exit code; after a signal the JVM would end with
   * a code of its own.
   */
  private void stop() {
    Process driver = stopped();
    if (hasEnded || driver == null) {
      return;
    }
    try {
      driver.destroy();
      int code = driver.waitFor();
      var unused = passedOn.await(SECONDS_TO_DRAIN, TimeUnit.SECONDS);
      remove();
      Runtime.getRuntime().halt(code);
    } catch (IOException | InterruptedException e) {
      Thread.currentThread().interrupt(); // the JVM ends in any case
    }
  }

  private synchronized Process stopped() {
    isStopped = true;
    return process;
  }

  private void remove() throws IOException {
    if (properties != null) {
      Files.deleteIfExists(properties);
    }
  }

  /** Copies lines as they arrive, without the warnings that the JVM always prints. */
  static void passOn(InputStream from, OutputStream to) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try (InputStream in = new BufferedInputStream(from)) {
      for (int next = in.read(); next >= 0; next = in.read()) {
        line.write(next);
        if (next == '\n') {
          passOn(line, to);
        }
      }
    }
    passOn(line, to);
  }

  private static void passOn(ByteArrayOutputStream line, OutputStream to) throws IOException {
    if (!line.toString(StandardCharsets.ISO_8859_1).startsWith(NOISE)) {
      line.writeTo(to);
      to.flush();
    }
    line.reset();
  }
}
