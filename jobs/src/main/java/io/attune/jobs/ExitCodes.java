package io.attune.jobs;

import io.attune.jobs.console.Console;
import io.attune.jobs.night.Shutdown;
import io.attune.schemas.failure.Failure;
import java.io.PrintWriter;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Maps the outcomes of a command to exit codes; see {@code docs/EXIT_CODES.md}. */
final class ExitCodes {
  static final int DONE = 0;
  static final int BUG = 1;
  static final int USAGE = 2;

  /** The JVM's own: 128 and the number of SIGTERM. */
  static final int ENDED_BY_SIGNAL = 143;

  private static final Logger LOG = LoggerFactory.getLogger(ExitCodes.class);

  private ExitCodes() {}

  /** Prints the message of a failure, logs its stack trace, and returns its exit code. */
  static int of(Exception thrown, CommandLine command, boolean verbose) {
    Optional<Failure> failure = Failure.in(thrown);
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    LOG.error("{} failed", command.getCommandName(), thrown);
    if (Shutdown.isUnderWay()) {
      err.println(name + ": ended by a signal; run it again: a night resumes where it stopped");
      err.flush();
      return ENDED_BY_SIGNAL;
    }
    if (failure.isPresent()) {
      err.println(name + ": " + Console.escaped(failure.get().getMessage()));
    } else {
      err.println(
          "%s: a bug in Attune or in a library: %s"
              .formatted(name, Console.escaped(Failure.describe(thrown))));
      err.println("The log has the stack trace; so has --verbose. Please report it.");
    }
    if (verbose) {
      thrown.printStackTrace(err);
    }
    err.flush();
    return failure.map(Failure::exitCode).orElse(BUG);
  }
}
