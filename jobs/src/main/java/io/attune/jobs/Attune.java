package io.attune.jobs;

import io.attune.jobs.config.Deployment;
import io.attune.jobs.spark.SparkSessions;
import io.attune.jobs.submit.Launcher;
import io.attune.pipeline.Stage;
import io.attune.pipeline.provenance.Environment;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** Runs {@code attune <command>}: the entry point of all commands. */
@Command(
    name = "attune",
    description =
        "Trains attention models on text corpora every night, and reports whether to trust them.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Attune.Version.class,
    footerHeading = "%nStart here:%n",
    footer = {
      "  attune demo                       two nights on a generated corpus",
      "  attune init reviews.csv           write a configuration for your own file",
      "  attune nightly -c reviews.yaml    run the night",
      "  attune COMMAND --help             the options of one command",
      "",
      "Exit codes: 0 done, 1 bug, 2 usage or configuration, 3 bad input, 4 already published,",
      "5 model refused, 6 training diverged, 7 another process holds the task.",
    })
public final class Attune {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help and exit.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version and exit.")
  boolean version;

  @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show stack traces.")
  boolean verbose;

  private Attune() {}

  /**
   * Runs one command, or submits it where the script {@code attune} says so, and ends the process
   * with its exit code.
   *
   * @throws DriverFailure in a driver that the cluster started, if the exit code is not 0: the
   *     cluster returns the reason why such a process failed, but not its exit code
   */
  public static void main(String[] arguments) {
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    if (Launcher.isAsked()) {
      System.exit(Launcher.run(arguments, err));
    }
    if (!Deployment.isDriverInCluster()) {
      System.exit(run(arguments, Terminal.out(), err));
    }
    StringWriter error = new StringWriter();
    int code = run(arguments, Terminal.out(), new PrintWriter(error, true));
    err.print(error);
    err.flush();
    if (code != ExitCodes.DONE) {
      throw new DriverFailure(code, error.toString());
    }
    SparkSessions.satisfyYarn();
  }

  /** Runs one command; its help goes to {@code out}. */
  static int run(String[] arguments, java.io.PrintStream out, PrintWriter err) {
    Attune attune = new Attune();
    CommandLine command = new CommandLine(attune);
    commands().forEach(command::addSubcommand);
    command
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(Stage.class, Attune::stage)
        .setExecutionExceptionHandler(
            (thrown, failed, parsed) -> ExitCodes.of(thrown, failed, attune.verbose));
    command.setExecutionStrategy(
        parsed -> {
          boolean none = !parsed.hasSubcommand() && parsed.originalArgs().isEmpty();
          if (none) {
            command.usage(command.getOut());
            return ExitCodes.USAGE;
          }
          return new CommandLine.RunLast().execute(parsed);
        });
    return command.execute(arguments);
  }

  /** Returns all commands, in the order of the help. */
  private static List<CommandLine> commands() {
    List<CommandLine> commands = new ArrayList<>();
    Stream.of(new DemoJob(), new InitJob(), new NightlyJob())
        .map(CommandLine::new)
        .forEach(commands::add);
    Stream.of(Stage.values()).map(Attune::command).forEach(commands::add);
    Stream.of(
            new EncodersJob(),
            new ExportJob(),
            new RollbackJob(),
            new StreamJob(),
            new RunsJob(),
            new ShowJob(),
            new DoctorJob())
        .map(CommandLine::new)
        .forEach(commands::add);
    return commands;
  }

  private static CommandLine command(Stage stage) {
    return stage == Stage.SCORE ? new CommandLine(new ScoreJob()) : StageJob.command(stage);
  }

  private static Stage stage(String word) {
    List<String> known = Arrays.stream(Stage.values()).map(Stage::word).toList();
    if (!known.contains(word)) {
      throw new TypeConversionException(
          "'%s' is not a stage; stages are %s".formatted(word, known));
    }
    return Stage.valueOf(word.toUpperCase(Locale.ROOT));
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"attune " + Environment.version() + " (" + Environment.commit() + ")"};
    }
  }
}
