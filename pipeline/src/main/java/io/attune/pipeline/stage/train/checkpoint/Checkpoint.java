package io.attune.pipeline.stage.train.checkpoint;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.Staging;
import io.attune.schemas.json.Json;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Holds what training needs to resume; {@code docs/formats/checkpoint.md} specifies its files.
 *
 * @param network after the last round
 * @param velocity of the outer optimizer; empty if it has none
 * @param best as it is published with the best epoch; empty before the first ends
 * @param kept of what is averaged
 */
@SuppressWarnings("ArrayRecordComponent") // Megabytes of floats; never compared.
public record Checkpoint(
    TrainingProgress progress,
    NetworkState network,
    float[] velocity,
    Optional<NetworkState> best,
    KeptParameters kept) {
  static final String STATE = "state.json";
  static final String NETWORK = "network.json";
  private static final String PARAMETERS = "parameters.f32";
  private static final String UPDATER = "updater.f32";
  private static final String VELOCITY = "outer-velocity.f32";
  private static final String BEST = "best-";
  private static final String EPOCH_END = "epoch-%d-parameters.f32";
  private static final String MOVING = "moving-parameters.f32";
  private static final int CHUNK = 1 << 18;

  /**
   * Writes the files.
   *
   * @param networkJson the network's configuration, as DL4J's JSON
   */
  Map<String, Long> write(Staging staging, String networkJson) throws IOException {
    staging.write(STATE, Json.pretty(progress));
    staging.write(NETWORK, networkJson.getBytes(StandardCharsets.UTF_8));
    write(staging, "", network);
    write(staging, VELOCITY, velocity);
    if (best.isPresent()) {
      write(staging, BEST, best.get());
    }
    List<float[]> ends = kept.epochEnds();
    for (int i = 0; i < ends.size(); i++) {
      write(staging, EPOCH_END.formatted(progress.epoch() - ends.size() + 1 + i), ends.get(i));
    }
    if (kept.moving().length > 0) {
      write(staging, MOVING, kept.moving());
    }
    return Map.of(
        "rounds", (long) progress.rounds(), "parameters", (long) network.parameters().length);
  }

  /** Reads the version of the format alone, which every version has. */
  static int readVersion(Artefact checkpoint) {
    return checkpoint.json(STATE, Version.class).version();
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Version(int version) {}

  /** Reads the first file of a folder that was verified. */
  static TrainingProgress readProgress(Artefact checkpoint) {
    return checkpoint.json(STATE, TrainingProgress.class);
  }

  /** Reads the other files of a folder whose progress is of this training. */
  static Checkpoint read(Artefact checkpoint, TrainingProgress progress) {
    NetworkState network = read(checkpoint, "", progress.iteration());
    Optional<NetworkState> best =
        Optional.ofNullable(progress.best())
            .map(found -> read(checkpoint, BEST, found.iteration()));
    float[] velocity = checkpoint.read(VELOCITY, Checkpoint::floats);
    return new Checkpoint(progress, network, velocity, best, kept(checkpoint, progress.epoch()));
  }

  private static KeptParameters kept(Artefact checkpoint, int epochs) {
    List<float[]> ends =
        IntStream.rangeClosed(1, epochs)
            .mapToObj(EPOCH_END::formatted)
            .flatMap(file -> find(checkpoint, file).stream())
            .toList();
    return new KeptParameters(ends, find(checkpoint, MOVING).orElse(new float[0]));
  }

  private static Optional<float[]> find(Artefact checkpoint, String file) {
    return checkpoint
        .manifest()
        .sha256Of(file)
        .map(listed -> checkpoint.read(file, Checkpoint::floats));
  }

  private static NetworkState read(Artefact checkpoint, String prefix, int iteration) {
    return new NetworkState(
        checkpoint.read(prefix + PARAMETERS, Checkpoint::floats),
        checkpoint.read(prefix + UPDATER, Checkpoint::floats),
        iteration);
  }

  private static void write(Staging staging, String prefix, NetworkState state) throws IOException {
    write(staging, prefix + PARAMETERS, state.parameters());
    write(staging, prefix + UPDATER, state.updater());
  }

  private static void write(Staging staging, String name, float[] floats) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (OutputStream out = staging.create(name)) {
      for (int start = 0; start < floats.length; start += CHUNK) {
        int length = Math.min(CHUNK, floats.length - start);
        bytes.asFloatBuffer().put(floats, start, length);
        out.write(bytes.array(), 0, length * Float.BYTES);
      }
    }
  }

  /** Reads by chunks: more floats fit an array than their bytes would. */
  private static float[] floats(InputStream in, long bytes) throws IOException {
    DataInputStream data = new DataInputStream(in);
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    float[] floats = new float[Math.toIntExact(bytes / Float.BYTES)];
    for (int start = 0; start < floats.length; start += CHUNK) {
      int length = Math.min(CHUNK, floats.length - start);
      data.readFully(chunk.array(), 0, length * Float.BYTES);
      chunk.asFloatBuffer().get(floats, start, length);
    }
    return floats;
  }
}
