package io.attune.jobs;

import io.attune.jobs.console.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

/** Gives access to the console of this process. */
final class Terminal {
  /** Writes to standard output in UTF-8 whatever the locale; nothing else writes to it. */
  private static final PrintStream OUT =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

  private Terminal() {}

  static PrintStream out() {
    return OUT;
  }

  static Console console() {
    // The launcher checks standard output; Java 17 can only check input and output together.
    boolean terminal = Boolean.getBoolean("attune.terminal");
    return new Console(OUT, terminal, Clock.systemUTC());
  }
}
