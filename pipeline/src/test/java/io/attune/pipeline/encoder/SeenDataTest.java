package io.attune.pipeline.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.schemas.model.EncoderCard;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeenDataTest {
  private static List<String> warnings(List<String> seen, String... sources) {
    EncoderCard card =
        EncoderCard.builder("fin").vocabulary(9).maxTokens(9).trainedOn(seen).build();
    return SeenData.warnings(card, List.of(sources));
  }

  @Test
  void findsATestSetByTheNameOfItsCorpusOrItsFile() {
    for (String source :
        List.of(
            "Financial_PhraseBank",
            "phrasebank",
            "hdfs:///data/financial_phrasebank/test.jsonl.gz",
            "/data/financial-phrasebank-test.csv")) {
      assertThat(warnings(List.of("financial_phrasebank"), source))
          .as(source)
          .singleElement()
          .asString()
          .contains("'fin' was trained on 'financial_phrasebank'", source, "may flatter it");
    }
  }

  @Test
  void doesNotAccuseByCommonWords() {
    assertThat(
            warnings(
                List.of("English text pairs of C-Pack", "NLI", "Reddit comments", "MS MARCO"),
                "test",
                "english",
                "/data/reviews/comments.csv",
                "newswire"))
        .isEmpty();
  }
}
