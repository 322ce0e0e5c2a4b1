package io.attune.jobs.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.schemas.report.VerdictRecord.PowerRecord;
import org.junit.jupiter.api.Test;

class GateChecksTest {

  @Test
  void warnsWhereMostGoodModelsAreKeptOut() {
    Check check = GateChecks.check(new PowerRecord(2200, 0.33, 6217L));

    assertThat(check.status()).isEqualTo(Check.WARNING);
    assertThat(check.found())
        .isEqualTo(
            "2,200 test rows: With these rows an equally good model is promoted in 33 % of nights;"
                + " 6,300 rows would make it 80 %.");
    assertThat(check.fix()).contains("split.test", "gate.margin");
  }

  @Test
  void isContentWhereMostGoodModelsPass() {
    Check check = GateChecks.check(new PowerRecord(20_000, 0.97, 9000L));

    assertThat(check.isOk()).isTrue();
    assertThat(check.fix()).isNull();
  }
}
