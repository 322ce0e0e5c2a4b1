package io.attune.pipeline.stage.evaluate;

import static io.attune.pipeline.stage.evaluate.EvaluationNight.candidateAndCurrent;
import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.scoring.PublishedModels;
import io.attune.pipeline.storage.AnchorModel;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.report.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnchorTest {
  private static final String VERSION = "2025-01-01.1";

  @TempDir private Path root;
  private final List<String> warnings = new ArrayList<>();
  private final Map<String, TextModel> models = candidateAndCurrent();
  private final Map<String, String> versions = new HashMap<>();
  private StageContext night;

  @BeforeEach
  void pin() {
    night = TestNight.listening(root, warnings);
    AnchorModel.of(night.storage(), "test").pin(VERSION, "test", night.recorder().clock());
  }

  @Test
  void isHeldAgainstWithItsClasses() {
    PublishedModels.publish(night, VERSION);

    add(PublishedModels.LABELS);

    assertThat(models).containsOnlyKeys("candidate", "current", "anchor");
    assertThat(versions).isEqualTo(Map.of(Evaluation.ANCHOR, VERSION));
    assertThat(warnings).isEmpty();
  }

  @Test
  void goesOnWithoutAnAnchorThatIsGone() {
    add(EvaluationNight.LABELS);

    assertIsLeftOut("its bundle '", "is gone; pin another with: attune anchor");
  }

  @Test
  void goesOnWithoutAnAnchorThatIsDamaged() throws IOException {
    PublishedModels.publish(night, VERSION);
    Path tokenizer =
        root.resolve(PublishedModels.path(night, VERSION)).resolve(ModelBundle.TOKENIZER);
    Files.writeString(tokenizer, "{}");

    add(PublishedModels.LABELS);

    assertIsLeftOut("'", "run its stage again; pin another with: attune anchor");
    assertThat(warnings.get(0)).contains("tokenizer.json' is damaged");
  }

  private void add(LabelSets tonight) {
    new Anchor(night, night.inputs(Stage.EVALUATE), tonight).addTo(models, versions);
  }

  private void assertIsLeftOut(String start, String end) {
    assertThat(models).containsOnlyKeys("candidate", "current");
    assertThat(versions).isEmpty();
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith("nothing is held against the anchor 2025-01-01.1, since " + start)
        .endsWith(end);
  }
}
