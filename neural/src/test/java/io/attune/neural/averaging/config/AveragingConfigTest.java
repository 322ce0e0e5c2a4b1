package io.attune.neural.averaging.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import org.junit.jupiter.api.Test;

class AveragingConfigTest {

  @Test
  void theBuilderOfAConfigurationKeepsEveryComponent() throws ReflectiveOperationException {
    AveragingConfig plain = AveragingConfig.builder(2, 8).build();
    AveragingConfig other =
        AveragingConfig.builder(3, 9)
            .maxAveragingShare(0.1)
            .warmUpRounds(4)
            .outer(new OuterConfig(OuterConfig.Kind.NESTEROV, 0.9, 0.7))
            .innerState(InnerState.RESET)
            .build();

    assertThat(other.toBuilder().build()).isEqualTo(other);
    for (RecordComponent component : AveragingConfig.class.getRecordComponents()) {
      assertThat(component.getAccessor().invoke(other))
          .as("%s must differ from its default here, or its loss passes unseen", component)
          .isNotEqualTo(component.getAccessor().invoke(plain));
    }
  }
}
