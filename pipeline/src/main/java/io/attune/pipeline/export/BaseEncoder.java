package io.attune.pipeline.export;

import io.attune.pipeline.encoder.EncoderArtefact;
import io.attune.pipeline.encoder.Encoders;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.model.EncoderCard;
import io.attune.schemas.model.Provenance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds what is known of the encoder that a model was tuned from.
 *
 * @param name that it has at the root
 * @param licence of its weights; {@code unknown} if nothing says
 * @param languages by BCP 47; empty if not known
 * @param trainedOn data sets that it is known to have seen
 * @param licenceText the text of the licence; empty if the encoder is not at the root any more
 */
record BaseEncoder(
    String name,
    String licence,
    List<String> languages,
    List<String> trainedOn,
    Optional<byte[]> licenceText) {
  private static final String INPUT = "encoder/";
  private static final String LICENCE = "/licence";
  private static final String UNKNOWN = "unknown";

  /**
   * Finds the encoder among the inputs of a model.
   *
   * @param model the provenance of the model
   */
  static BaseEncoder of(Provenance model, Storage root) {
    for (Map.Entry<String, String> input : model.inputs().entrySet()) {
      if (input.getKey().startsWith(INPUT) && !input.getKey().endsWith(LICENCE)) {
        String name = input.getKey().substring(INPUT.length());
        String licence = model.inputs().getOrDefault(input.getKey() + LICENCE, UNKNOWN);
        return of(name, licence, input.getValue(), Encoders.in(root));
      }
    }
    return new BaseEncoder(UNKNOWN, UNKNOWN, List.of(), List.of(), Optional.empty());
  }

  private static BaseEncoder of(String name, String licence, String weights, Encoders encoders) {
    if (encoders.isPublished(name)) {
      EncoderArtefact found = encoders.open(name);
      EncoderCard card = found.card();
      if (card.weights().equals(weights)) {
        return new BaseEncoder(
            name, licence, card.languages(), card.trainedOn(), Optional.of(found.licence()));
      }
    }
    return new BaseEncoder(name, licence, List.of(), List.of(), Optional.empty());
  }

  /**
   * Returns what a reader of the tuned encoder should know that its weights do not say.
   *
   * @param task whose texts it has seen since
   */
  Map<String, Object> description(String task) {
    List<String> seen = new ArrayList<>(trainedOn);
    seen.add(task);
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("languages", languages);
    description.put("licence", licence);
    description.put("trainedOn", seen);
    return description;
  }
}
