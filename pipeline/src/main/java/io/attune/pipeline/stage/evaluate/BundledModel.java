package io.attune.pipeline.stage.evaluate;

import io.attune.pipeline.bundle.Classifier;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.report.Evaluation.AttendedSpan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Predicts the heads of the night with a published model. */
final class BundledModel implements TextModel {
  private static final long serialVersionUID = 1;

  private final ModelFiles files;
  private final LabelAlignment alignment;

  BundledModel(ModelFiles files, LabelSets tonight) {
    this.files = files;
    this.alignment = LabelAlignment.of(files.labels(), tonight);
  }

  @Override
  public float[][][] probabilities(List<String> texts) {
    return align(Classifier.shared(files).probabilities(texts));
  }

  @Override
  public Map<String, float[][][]> answers(String name, List<String> texts) {
    Classifier.Answers answers = Classifier.shared(files).answers(texts);
    Map<String, float[][][]> aligned = new HashMap<>();
    aligned.put(name, align(answers.whole()));
    if (answers.parts().size() > 1) {
      answers.parts().forEach((part, of) -> aligned.put(name + "-" + part.word(), align(of)));
    }
    return aligned;
  }

  @Override
  public Map<String, Double> temperatures() {
    Map<String, Double> temperatures = new HashMap<>();
    List<LabelSets.Head> heads = files.labels().heads();
    for (int head = 0; head < heads.size() && files.parts().isScaled(); head++) {
      temperatures.put(heads.get(head).name(), files.parts().temperature(head));
    }
    return temperatures;
  }

  @Override
  public boolean hasLearnedFromValidation() {
    return files.parts().hasLinear();
  }

  private float[][][] align(float[][][] answers) {
    float[][][] aligned = new float[answers.length][][];
    for (int i = 0; i < answers.length; i++) {
      aligned[i] = alignment.align(answers[i]);
    }
    return aligned;
  }

  @Override
  public List<List<AttendedSpan>> attention(List<String> texts) {
    return Classifier.shared(files).attention(texts);
  }
}
