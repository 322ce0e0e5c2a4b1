package io.attune.pipeline.encoder;

import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.EncoderCard;
import io.attune.schemas.model.Provenance;
import io.attune.schemas.model.RunEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/** Publishes encoders to {@code <root>/encoders/} and opens them there. */
public final class Encoders {
  private static final String FOLDER = "encoders";
  private static final String STAGE = "encoder";
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]*");
  private static final int HASH_CHARACTERS = 8;

  private final Storage storage;

  private Encoders(Storage storage) {
    this.storage = storage;
  }

  /** Returns the encoders below a root. */
  public static Encoders in(Storage storage) {
    return new Encoders(storage);
  }

  /** Returns whether the dataset of a run was made for an encoder. */
  public static boolean isUsedBy(StageContext context) {
    Artefacts artefacts = context.artefacts();
    String dataset = context.run().dataset();
    return artefacts.isPublished(dataset)
        && artefacts.manifest(dataset).sha256Of(RunEncoder.FILE_NAME).isPresent();
  }

  static String path(String name) {
    return FOLDER + "/" + name;
  }

  /** Returns whether an encoder of that name is at the root. */
  public boolean isPublished(String name) {
    return Artefacts.of(storage).isPublished(path(name));
  }

  /** Returns the descriptions of those at the root, by name. */
  public List<EncoderCard> published() {
    return storage.list(FOLDER).stream()
        .filter(this::isPublished)
        .map(name -> open(name).card())
        .toList();
  }

  /**
   * Opens an encoder at the root; its weights are read when they are asked for.
   *
   * @throws Failure.BadInput saying how to bring it, if it is not there or is damaged
   */
  public EncoderArtefact open(String name) {
    return EncoderArtefact.open(storage, name);
  }

  /**
   * Brings a known encoder to the root, unless it is there.
   *
   * @throws Failure.BadInput saying what to do, if its jar cannot be had
   */
  public EncoderArtefact get(
      KnownEncoder known, MavenRepository from, Progress progress, Recorder recorder) {
    if (isPublished(known.name())) {
      return open(known.name());
    }
    try (MavenRepository.Jar jar = from.find(known, progress)) {
      return publish(known, jar, recorder);
    }
  }

  /**
   * Brings a known encoder to the root from a jar that the user has.
   *
   * @param given the jar, a folder that it is in, or a Maven repository
   * @throws Failure.BadInput if it is not there, or is another file
   */
  public EncoderArtefact getFrom(KnownEncoder known, Path given, Recorder recorder) {
    try (MavenRepository.Jar jar = MavenRepository.given(known, given)) {
      return publish(known, jar, recorder);
    }
  }

  private EncoderArtefact publish(KnownEncoder known, MavenRepository.Jar jar, Recorder recorder) {
    try (JarFiles files = new JarFiles(known, jar)) {
      EncoderSource source = EncoderSource.read(known, files);
      Map<String, String> inputs = Map.of(known.jarName(), known.jarSha256());
      return publish(source, recorder.record(STAGE, inputs));
    } catch (IOException e) {
      throw new Failure.BadInput(e, "Cannot read the jar '%s': %s", jar.file(), e.getMessage());
    }
  }

  /**
   * Publishes a folder of the user's.
   *
   * @param folder a URI, or a path on this machine
   * @return the encoder at the root
   * @throws Failure.AlreadyPublished if another encoder has that name there
   * @throws Failure.BadUsage if the name cannot be one, or is reserved
   * @throws Failure.BadInput if the folder is not an encoder that Attune can read
   */
  public EncoderArtefact importFolder(
      String name, String folder, Configuration configuration, Recorder recorder) {
    requireName(name);
    EncoderSource source = EncoderSource.read(name, FolderFiles.open(folder, configuration));
    return publish(source, recorder.record(STAGE, source.inputs()));
  }

  /** Publishes a folder under its own name with a part of the hash of its content. */
  EncoderArtefact importUnderItsHash(
      String folder, Configuration configuration, Recorder recorder) {
    FolderFiles files = FolderFiles.open(folder, configuration);
    EncoderSource source = EncoderSource.read(files.name(), files);
    String plain = files.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-");
    String start = plain.replaceAll("^[._-]+", "");
    String prefix = (start.isEmpty() ? "encoder" : start) + "-";
    String byWeights = prefix + source.card().weights().substring(0, HASH_CHARACTERS);
    if (isPublished(byWeights) && differences(source, open(byWeights)).isEmpty()) {
      return open(byWeights); // earlier versions made the name of the weights alone
    }
    String name = prefix + source.content().identity().substring(0, HASH_CHARACTERS);
    return publish(source.named(name), recorder.record(STAGE, source.inputs()));
  }

  private EncoderArtefact publish(EncoderSource source, Provenance provenance) {
    String name = source.card().name();
    if (!isPublished(name)) {
      try {
        Artefacts.of(storage).publish(path(name), provenance, source::writeTo);
      } catch (Failure.AlreadyPublished | Failure.BadInput e) {
        if (!isPublished(name)) { // else another process was faster
          throw e;
        }
      }
    }
    EncoderArtefact there = open(name);
    requireSame(source, there);
    return there;
  }

  private static void requireSame(EncoderSource source, EncoderArtefact there) {
    List<String> differences = differences(source, there);
    if (!there.card().weights().equals(source.card().weights())) {
      throw new Failure.AlreadyPublished(
          "The encoder '%s' at '%s' is another one: its weights have SHA-256 %s, these have %s;"
              + " choose another name",
          source.card().name(), there.location(), there.card().weights(), source.card().weights());
    }
    if (!differences.isEmpty()) {
      throw new Failure.AlreadyPublished(
          "The encoder '%s' at '%s' is another one: it has the same weights, and another content of"
              + " %s; choose another name",
          source.card().name(), there.location(), String.join(", ", differences));
    }
  }

  private static List<String> differences(EncoderSource source, EncoderArtefact there) {
    return source.content().differences(there.content());
  }

  private static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new Failure.BadUsage(
          "The name of an encoder must be lower-case letters, digits, '.', '_' and '-', got '%s'",
          name);
    }
    if (KnownEncoder.find(name).isPresent() || EncoderChoice.isReserved(name)) {
      throw new Failure.BadUsage(
          "The name '%s' is that of an encoder that Attune knows, or a choice of model.encoder, and"
              + " cannot be that of another encoder; reserved are %s, auto and none",
          name, KnownEncoder.names());
    }
  }
}
