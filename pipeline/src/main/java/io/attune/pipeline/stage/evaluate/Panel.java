package io.attune.pipeline.stage.evaluate;

import io.attune.schemas.model.LabelSets;
import java.io.Serializable;
import java.util.Map;

/**
 * The models that are measured together.
 *
 * @param labels tonight's
 * @param models by their name in the evaluation
 * @param batchRows texts that are answered at once
 */
record Panel(LabelSets labels, Map<String, TextModel> models, int batchRows)
    implements Serializable {
  Panel {
    models = Map.copyOf(models);
  }
}
