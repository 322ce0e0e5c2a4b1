package io.attune.pipeline.encoder;

import io.attune.neural.pretrained.EncoderFiles;
import io.attune.neural.pretrained.EncoderFolder;
import io.attune.neural.pretrained.PretrainedEncoder;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.EncoderCard;
import io.attune.schemas.model.Manifest.FileEntry;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.util.SerializableConfiguration;

/** Reads an encoder that was published at a root; every byte is checked by its hash. */
public final class EncoderArtefact {
  /**
   * Keeps the encoders of this JVM by the hash of their content, so that each is read once, and
   * given up before memory runs out.
   */
  private static final Map<String, SoftReference<PretrainedEncoder>> OPEN = new HashMap<>();

  private final Storage storage;
  private final Artefact artefact;
  private final EncoderCard card;

  private EncoderArtefact(Storage storage, Artefact artefact) {
    this.storage = storage;
    this.artefact = artefact;
    this.card = artefact.json(EncoderCard.FILE_NAME, EncoderCard.class);
  }

  static EncoderArtefact open(Storage storage, String name) {
    String path = Encoders.path(name);
    if (!Artefacts.of(storage).isPublished(path)) {
      throw missing(storage, name);
    }
    return new EncoderArtefact(storage, Artefacts.of(storage).open(path));
  }

  private static Failure.BadInput missing(Storage storage, String name) {
    List<String> there = storage.list(Encoders.path(""));
    boolean known = KnownEncoder.find(name).isPresent();
    return new Failure.BadInput(
        "There is no encoder '%s' at '%s'%s; bring it with: attune encoders get %s%s. Known by name"
            + " are %s",
        name,
        storage.resolve(Encoders.path(name)),
        there.isEmpty() ? "" : ", there are " + there,
        name,
        known ? "" : " --from FOLDER",
        KnownEncoder.names());
  }

  /** Returns what is known about it. */
  public EncoderCard card() {
    return card;
  }

  /** Returns what tells it from other encoders. */
  EncoderContent content() {
    return EncoderContent.of(artefact.manifest());
  }

  /** Returns the absolute path of its folder, for messages. */
  public Path location() {
    return artefact.location();
  }

  /** Returns the bytes of its {@code tokenizer.json}. */
  public byte[] tokenizer() {
    return read(EncoderCard.TOKENIZER);
  }

  /** Returns the text of the licence of its weights. */
  public byte[] licence() {
    return read(EncoderCard.LICENCE);
  }

  /**
   * Returns the encoder itself, read once in a JVM; its parameters must not be changed.
   *
   * @throws Failure.BadInput if its folder has vanished, or is damaged
   */
  public PretrainedEncoder pretrained() {
    synchronized (OPEN) {
      String identity = content().identity();
      SoftReference<PretrainedEncoder> kept = OPEN.get(identity);
      PretrainedEncoder found = kept == null ? null : kept.get();
      if (found == null) {
        found = EncoderFolder.open(new ArtefactFiles()).read();
        OPEN.put(identity, new SoftReference<>(found));
      }
      return found;
    }
  }

  private byte[] read(String file) {
    if (!Artefacts.of(storage).isPublished(artefact.path())) {
      throw new Failure.BadInput(
          "The encoder '%s' was there when the run began, and is gone from '%s'; nothing may remove"
              + " it while it is in use. Bring it again (attune encoders get %s), and run the night"
              + " again",
          card.name(), location(), card.name());
    }
    return artefact.bytes(file);
  }

  /** Returns what executors need to open it, to be broadcast. */
  public EncoderReference reference(SparkContext spark) {
    return new EncoderReference(
        storage.root().toString(),
        card.name(),
        content().identity(),
        new SerializableConfiguration(spark.hadoopConfiguration()));
  }

  /** Gives the encoder's reader its files, each checked when it is opened. */
  private final class ArtefactFiles implements EncoderFiles {
    private final Map<String, byte[]> kept = new HashMap<>();

    @Override
    public String location() {
      return EncoderArtefact.this.location().toString();
    }

    @Override
    public boolean exists(String name) {
      return artefact.manifest().sha256Of(name).isPresent();
    }

    @Override
    public long size(String name) {
      return artefact.manifest().files().stream()
          .filter(file -> file.path().equals(name))
          .mapToLong(FileEntry::bytes)
          .findFirst()
          .orElse(0);
    }

    @Override
    public InputStream open(String name) {
      return new ByteArrayInputStream(kept.computeIfAbsent(name, EncoderArtefact.this::read));
    }
  }
}
