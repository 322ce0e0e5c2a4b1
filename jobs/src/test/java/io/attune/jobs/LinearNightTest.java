package io.attune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.schemas.json.Json;
import io.attune.schemas.report.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    assertThat(evaluatedModels("test"))
        .containsExactlyInAnyOrder("candidate", "baseline", "majority");
    assertThat(evaluatedModels("validation"))
        .as("the model has learned from that split")
        .containsExactlyInAnyOrder("baseline", "majority");
    assertThat(Files.readString(root("reports/reviews/" + RUN + "/index.html")))
        .contains("without network", "400 documents by model " + RUN)
        .doesNotContain("Parts of the model");
    Path scores = root("tables/reviews/scores/data/run=" + RUN);
    List<Path> files = files(scores);
    assertThat(command("score")).as(err.toString()).isZero();
    assertThat(files(scores)).isEqualTo(files).isNotEmpty();
    assertThat(command("score", "--all", "--since", "2026-01-01")).isEqualTo(2);
    requireMessage("attune score: --all is every day; leave out --since and --until, or --all");
  }

  @Test
  void nightMeasuresBothPartsByDefault() throws IOException {
    reviews(i -> ROW);

    assertThat(nightly()).as(err.toString()).isZero();

    assertThat(root("models/reviews/" + RUN + "/linear.bin")).exists();
    assertThat(root("models/reviews/" + RUN + "/combination.json")).exists();
    assertThat(evaluatedModels("validation"))
        .containsExactlyInAnyOrder("candidate-network", "baseline", "majority");
    assertThat(evaluatedModels("test"))
        .containsExactlyInAnyOrder(
            "candidate", "candidate-network", "candidate-linear", "baseline", "majority");
    assertThat(Files.readString(root("reports/reviews/" + RUN + "/index.html")))
        .contains("Parts of the model");
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private Set<String> evaluatedModels(String split) throws IOException {
    byte[] file = Files.readAllBytes(root("runs/reviews/" + RUN + "/evaluation/evaluation.json"));
    return Json.read(file, Evaluation.class).results().stream()
        .filter(result -> result.split().equals(split))
        .map(Evaluation.HeadResult::model)
        .collect(Collectors.toSet());
  }
}
