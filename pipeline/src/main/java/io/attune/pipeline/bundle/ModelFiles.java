package io.attune.pipeline.bundle;

import static io.attune.schemas.Requirements.require;

import io.attune.pipeline.linear.LinearModel;
import io.attune.pipeline.storage.Artefact;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.Combination;
import io.attune.schemas.model.Combination.HeadWeights;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LongTexts;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.model.Provenance;
import io.attune.schemas.model.Temperatures;
import io.attune.schemas.model.Temperatures.HeadTemperature;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Holds the files of a published model that are needed to use it, ready to be broadcast.
 *
 * @param parts what answers
 * @param tokenizer {@code tokenizer.json}
 * @param maxTokens the longest row that a network takes
 * @param longTexts what it reads of a longer text
 * @param version the bundle's name, such as {@code 2026-01-02.1}
 */
@SuppressWarnings("ArrayRecordComponent") // Files' bytes; never compared.
public record ModelFiles(
    ModelParts parts,
    byte[] tokenizer,
    LabelSets labels,
    int maxTokens,
    LongTexts longTexts,
    String version)
    implements Serializable {
  private static final long serialVersionUID = 1;

  public ModelFiles {
    require(maxTokens >= 1, "a model must take at least 1 token, got %d", maxTokens);
  }

  /** Makes a model that leaves out the middle of long texts. */
  public ModelFiles(
      ModelParts parts, byte[] tokenizer, LabelSets labels, int maxTokens, String version) {
    this(parts, tokenizer, labels, maxTokens, LongTexts.HEAD_AND_TAIL, version);
  }

  /**
   * Reads a bundle and checks every byte of it.
   *
   * @throws Failure.BadInput if it is damaged, or if its tokenizer is not the one that its network
   *     was trained with, or if its parts do not belong together
   */
  public static ModelFiles read(Artefact bundle) {
    bundle.verify();
    requireOwnTokenizer(bundle);
    Long maxTokens = bundle.manifest().counts().get(Candidate.MAX_TOKENS);
    if (maxTokens == null) {
      throw new Failure.BadInput(
          "'%s' does not say how many tokens its network takes (count '%s' of its manifest); it is"
              + " not a model bundle, or one of another version of Attune: train the model again",
          bundle.location(), Candidate.MAX_TOKENS);
    }
    LabelSets labels = bundle.json(ModelBundle.LABELS, LabelSets.class);
    return new ModelFiles(
        parts(bundle, labels),
        bundle.bytes(ModelBundle.TOKENIZER),
        labels,
        Math.toIntExact(maxTokens),
        bundle.find(LongTexts.FILE_NAME, LongTexts.class).orElse(LongTexts.HEAD_AND_TAIL),
        bundle.name());
  }

  private static ModelParts parts(Artefact bundle, LabelSets labels) {
    List<byte[]> networks = networks(bundle);
    boolean linear = bundle.manifest().sha256Of(ModelBundle.LINEAR).isPresent();
    if (networks.isEmpty() && !linear) {
      throw new Failure.BadInput(
          "'%s' holds neither '%s' nor '%s', so that nothing in it can answer; it is not a model"
              + " bundle: train the model again",
          bundle.location(), ModelBundle.NETWORK, ModelBundle.LINEAR);
    }
    byte[] linearPart = linear ? bundle.bytes(ModelBundle.LINEAR) : ModelParts.NONE;
    if (linear) {
      String location = bundle.resolve(ModelBundle.LINEAR).toString();
      LinearModel.read(linearPart, location).requireAnswers(labels, location);
    }
    return new ModelParts(
        networks,
        linearPart,
        linear && !networks.isEmpty() ? combination(bundle, labels) : ModelParts.UNCOMBINED,
        temperatures(bundle, labels));
  }

  /** Reads as many networks as the manifest lists; each is checked against it. */
  private static List<byte[]> networks(Artefact bundle) {
    return IntStream.iterate(1, number -> number + 1)
        .mapToObj(ModelBundle::network)
        .takeWhile(file -> bundle.manifest().sha256Of(file).isPresent())
        .map(bundle::bytes)
        .toList();
  }

  private static Combination combination(Artefact bundle, LabelSets labels) {
    Combination combination = bundle.json(ModelBundle.COMBINATION, Combination.class);
    List<String> weighed = combination.heads().stream().map(HeadWeights::head).toList();
    requireHeads(bundle.resolve(ModelBundle.COMBINATION).toString(), "weights", weighed, labels);
    return combination;
  }

  /** Returns the temperatures; none in a bundle of a version without them. */
  private static Temperatures temperatures(Artefact bundle, LabelSets labels) {
    Temperatures temperatures =
        bundle.find(ModelBundle.TEMPERATURES, Temperatures.class).orElse(ModelParts.UNSCALED);
    if (!temperatures.heads().isEmpty()) {
      List<String> scaled = temperatures.heads().stream().map(HeadTemperature::head).toList();
      String location = bundle.resolve(ModelBundle.TEMPERATURES).toString();
      requireHeads(location, "temperatures", scaled, labels);
    }
    return temperatures;
  }

  private static void requireHeads(
      String location, String what, List<String> found, LabelSets labels) {
    List<String> heads = labels.heads().stream().map(LabelSets.Head::name).toList();
    if (!found.equals(heads)) {
      throw new Failure.BadInput(
          "'%s' has %s for the heads %s, and the model has %s; train the model again, or"
              + " restore the bundle from a copy",
          location, what, found, heads);
    }
  }

  private static void requireOwnTokenizer(Artefact bundle) {
    Provenance provenance = bundle.json(ModelBundle.PROVENANCE, Provenance.class);
    String trainedWith = provenance.inputs().getOrDefault(Candidate.TOKENIZER_INPUT, "unknown");
    String found = bundle.hash(ModelBundle.TOKENIZER);
    if (!found.equals(trainedWith)) {
      throw new Failure.BadInput(
          "The model '%s' was trained with the tokenizer of SHA-256 %s, and holds one of SHA-256"
              + " %s: its token ids mean other words; train the model again, or restore the bundle"
              + " from a copy",
          bundle.location(), trainedWith, found);
    }
  }
}
