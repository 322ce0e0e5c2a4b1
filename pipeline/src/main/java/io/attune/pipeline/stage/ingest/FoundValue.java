package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.figure.Figures;

/** Shows a value of a record in the detail of a reject: a whole text would fill it. */
final class FoundValue {
  private static final int LONGEST = 200;

  private FoundValue() {}

  /** Returns the value, or its start with an ellipsis where it is long. */
  static String shown(String value) {
    return Figures.cut(value, LONGEST);
  }
}
