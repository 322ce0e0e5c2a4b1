package io.attune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.schemas.json.Json;
import io.attune.schemas.report.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Runs whole nights with a linear part, beside a network and alone. */
class LinearNightTest extends ReviewsTask {

  @Test
  void nightPromotesAModelWithoutANetwork() throws IOException {
    reviews(i -> ROW);

    assertThat(nightly("--set", "model.kind=linear")).as(err.toString()).isZero();

    assertThat(root("models/reviews/" + RUN + "/linear.bin")).exists();
    assertThat(root("models/reviews/" + RUN + "/model.zip")).doesNotExist();
    assertThat(root("models/reviews/current")).exists();
    assertThat(evaluatedModels()).containsExactlyInAnyOrder("candidate", "baseline", "majority");
    assertThat(Files.readString(root("reports/reviews/" + RUN + "/index.html")))
        .contains("without network")
        .doesNotContain("Parts of the model");
  }

  @Test
  void nightMeasuresBothPartsByDefault() throws IOException {
    reviews(i -> ROW);

    assertThat(nightly()).as(err.toString()).isZero();

    assertThat(root("models/reviews/" + RUN + "/linear.bin")).exists();
    assertThat(root("models/reviews/" + RUN + "/combination.json")).exists();
    assertThat(evaluatedModels())
        .containsExactlyInAnyOrder(
            "candidate", "candidate-network", "candidate-linear", "baseline", "majority");
    assertThat(Files.readString(root("reports/reviews/" + RUN + "/index.html")))
        .contains("Parts of the model");
  }

  private Set<String> evaluatedModels() throws IOException {
    byte[] file = Files.readAllBytes(root("runs/reviews/" + RUN + "/evaluation/evaluation.json"));
    return Json.read(file, Evaluation.class).results().stream()
        .map(Evaluation.HeadResult::model)
        .collect(Collectors.toSet());
  }
}
