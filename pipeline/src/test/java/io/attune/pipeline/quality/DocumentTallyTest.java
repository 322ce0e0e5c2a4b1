package io.attune.pipeline.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import scala.collection.JavaConverters;

class DocumentTallyTest {
  private static Row document(String text, Instant published, String label, String language) {
    return RowFactory.create(
        text,
        published == null ? null : Timestamp.from(published),
        label == null ? null : JavaConverters.mapAsScalaMap(Map.of("sentiment", label)),
        language);
  }

  @Test
  void partsAddUpToTheWhole() {
    Row dated = document("three", Instant.EPOCH, "positive", "en");
    Row broken = document("\uFFFD of two", null, null, "zh");
    Row long1 = document("x".repeat(12_345), null, "negative", null);
    DocumentTally one = new DocumentTally().add(dated).add(broken).add(long1);
    DocumentTally two = new DocumentTally().add(dated);
    two.add(new DocumentTally().add(broken).add(long1));

    for (DocumentTally tally : new DocumentTally[] {one, two}) {
      assertThat(tally.documents()).isEqualTo(3);
      assertThat(tally.dated()).isEqualTo(1 / 3.0);
      assertThat(tally.labelled()).isEqualTo(2 / 3.0);
      assertThat(tally.broken()).isEqualTo(1 / 3.0);
      assertThat(tally.medianCharacters()).isEqualTo(8);
      assertThat(tally.languages()).isEqualTo(Map.of("en", 1L, "zh", 1L));
      assertThat(tally.labels().get("sentiment")).isEqualTo(Map.of("positive", 1L, "negative", 1L));
    }
  }

  @Test
  void lengthsAreRightToOneInAThousand() {
    assertThat(
            new DocumentTally()
                .add(document("y".repeat(12_345), null, null, null))
                .medianCharacters())
        .isBetween(12_345 * 0.999, 12_345.0);
    assertThat(new DocumentTally().medianCharacters()).isZero();
  }
}
