package io.attune.jobs;

import io.attune.jobs.console.Console;
import io.attune.jobs.encoder.EncoderLine;
import io.attune.jobs.encoder.EncoderSpeed;
import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.Progress;
import io.attune.pipeline.encoder.EncoderArtefact;
import io.attune.pipeline.encoder.Encoders;
import io.attune.pipeline.encoder.KnownEncoder;
import io.attune.pipeline.encoder.MavenRepository;
import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.EncoderCard;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "encoders",
    description = "Lists pretrained encoders, and brings them to a root.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {EncodersJob.ListJob.class, EncodersJob.GetJob.class})
final class EncodersJob implements Runnable {
  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command: list or get");
  }

  @Command(
      name = "list",
      description = {
        "Lists the encoders that Attune knows and those at the root.",
        "",
        "A task names one by model.encoder; by default it is that of its texts' language.",
      })
  static final class ListJob implements Callable<Integer> {
    @Mixin RootOptions options;

    @Option(
        names = "--measure",
        description = "Measure what each that is at the root computes on this machine.")
    boolean measure;

    @Option(names = "--json", description = "Print one JSON object per line.")
    boolean json;

    @Override
    public Integer call() {
      Storage storage = options.open();
      Encoders encoders = Encoders.in(storage);
      Console console = Terminal.console();
      List<EncoderLine> lines = EncoderLine.all(encoders, this::tokensPerSecond);
      if (json) {
        lines.forEach(line -> console.line(Json.line(line)));
      } else {
        EncoderLine.table(lines).forEach(console::line);
        console.line("Root: " + storage.root());
      }
      return ExitCodes.DONE;
    }

    private Double tokensPerSecond(EncoderArtefact encoder) {
      return measure ? EncoderSpeed.tokensPerSecond(encoder) : null;
    }
  }

  @Command(
      name = "get",
      description = {
        "Brings an encoder to the root, from where nights read it without a network.",
        "",
        "One that Attune knows is taken from the local Maven repository, else downloaded.",
      },
      footer = {
        "",
        "Examples:",
        "  attune encoders get bge-small-en",
        "  attune encoders get bge-small-zh --jar downloads",
        "  attune encoders get my-bert --from hdfs:///models/bert",
      })
  static final class GetJob implements Callable<Integer> {
    @Mixin RootOptions options;

    @Parameters(paramLabel = "NAME", description = "A known name, or with --from one of your own.")
    String name;

    @Option(
        names = "--from",
        paramLabel = "FOLDER",
        description = "A folder or URI with config.json, model.safetensors and tokenizer.json.")
    String from;

    @Option(
        names = "--jar",
        paramLabel = "FILE",
        description = "The jar of a known encoder, or a folder that it is in.")
    Path jar;

    @Option(
        names = "--repository",
        paramLabel = "URL",
        description =
            "The Maven repository to download from (default: as Maven's settings.xml says, else"
                + " Maven Central).")
    URI repository;

    @Override
    public Integer call() {
      Storage storage = options.openToWrite();
      Encoders encoders = Encoders.in(storage);
      Console console = Terminal.console();
      boolean there = encoders.isPublished(name);
      EncoderCard card = get(encoders, console.progress("encoder")).card();
      console.line(
          "%s: %d × %d, %,d tokens known, %s, weights %s"
              .formatted(
                  card.name(),
                  card.layers(),
                  card.width(),
                  card.vocabulary(),
                  card.licence(),
                  card.weights().substring(0, 12)));
      console.line(
          (there ? "It is there already: " : "Published: ")
              + encoders.open(card.name()).location());
      return ExitCodes.DONE;
    }

    private EncoderArtefact get(Encoders encoders, Progress progress) {
      Recorder recorder =
          new Recorder("encoders", name, Sha256.of(from == null ? name : from), Clock.systemUTC());
      if (from != null) {
        return encoders.importFolder(name, from, SparkSessions.hadoop(Map.of()), recorder);
      }
      KnownEncoder known =
          KnownEncoder.find(name)
              .orElseThrow(
                  () ->
                      new Failure.BadUsage(
                          "'%s' is not an encoder that Attune knows; known are %s. Bring your own"
                              + " with --from FOLDER",
                          name, KnownEncoder.all().stream().map(KnownEncoder::name).toList()));
      if (jar != null) {
        return encoders.getFrom(known, jar, recorder);
      }
      MavenRepository user = MavenRepository.ofUser();
      MavenRepository source = repository == null ? user : user.downloadingFrom(repository);
      return encoders.get(known, source, progress, recorder);
    }
  }
}
