package io.attune.pipeline.encoder;

import io.attune.schemas.model.EncoderCard;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * Finds test sets that an encoder may have been trained on, by name alone: figures on them flatter
 * it. What an encoder has seen without saying so is not found.
 */
public final class SeenData {
  /** Is the length from which a name is one of its own, and not a word such as "train". */
  private static final int NAME = 6;

  /** Is the length from which a part of a name is one of its own, and not "comments". */
  private static final int PART = 10;

  private SeenData() {}

  /**
   * Returns a sentence for each data set of the encoder that the test split may hold.
   *
   * @param sources names of corpora and paths of files that the test split comes from
   */
  public static List<String> warnings(EncoderCard encoder, Collection<String> sources) {
    TreeSet<String> warnings = new TreeSet<>();
    for (String seen : encoder.trainedOn()) {
      for (String source : sources) {
        if (isSame(letters(seen), source)) {
          warnings.add(
              "The encoder '%s' was trained on '%s', and the test split comes from '%s': it may have"
                      .formatted(encoder.name(), seen, source)
                  + " seen these documents, and the figures on them may flatter it.");
        }
      }
    }
    return List.copyOf(warnings);
  }

  private static boolean isSame(String seen, String source) {
    if (seen.length() >= NAME && letters(source).contains(seen)) {
      return true;
    }
    for (String part : source.split("[/\\\\]", -1)) {
      String name = letters(part.replaceFirst("\\..*$", ""));
      if (name.length() >= PART && seen.contains(name)) {
        return true;
      }
    }
    return false;
  }

  private static String letters(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "");
  }
}
