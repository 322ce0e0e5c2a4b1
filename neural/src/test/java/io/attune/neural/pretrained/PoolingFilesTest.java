package io.attune.neural.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.encoder.Pooling;
import io.attune.schemas.failure.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolingFilesTest {
  private static final String MODULES =
      """
      [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
       {"idx": 1, "name": "1", "path": "%s", "type": "sentence_transformers.models.Pooling"},
       {"idx": 2, "name": "2", "path": "2_Normalize",
        "type": "sentence_transformers.models.Normalize"}]
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": false}' | FIRST",
        "'{\"pooling_mode_cls_token\": false, \"pooling_mode_mean_tokens\": true}' | MEAN",
        "'{\"pooling_mode\": \"cls\", \"word_embedding_dimension\": 384}' | FIRST",
        "'{\"word_embedding_dimension\": 384}' | MEAN",
      })
  void readsThePooling(String config, Pooling expected) {
    assertThat(PoolingFiles.read(new MemoryFiles().with("1_Pooling/config.json", config)))
        .isEqualTo(expected);
  }

  @Test
  void readsThePoolingWhereTheListOfModulesHasIt() {
    MemoryFiles files =
        new MemoryFiles()
            .with("modules.json", MODULES.formatted("9_Pool"))
            .with("1_Pooling/config.json", "{\"pooling_mode_max_tokens\": true}")
            .with("9_Pool/config.json", "{\"pooling_mode_cls_token\": true}");

    assertThat(PoolingFiles.read(files)).isEqualTo(Pooling.FIRST);
  }

  @Test
  void theMeanIsTheDefault() {
    assertThat(PoolingFiles.read(new MemoryFiles())).isEqualTo(Pooling.MEAN);
  }

  @Test
  void refusesOtherPoolings() {
    for (String config :
        new String[] {
          "{\"pooling_mode_max_tokens\": true}",
          "{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": true}",
          "{\"pooling_mode\": \"lasttoken\"}"
        }) {
      assertThatThrownBy(
              () -> PoolingFiles.read(new MemoryFiles().with("1_Pooling/config.json", config)))
          .isInstanceOf(Failure.BadInput.class)
          .hasMessageContaining("Cannot read memory/1_Pooling/config.json: the pooling [")
          .hasMessageContaining("is not supported: Attune has the mean and the first token");
    }
    assertThatThrownBy(
            () ->
                PoolingFiles.read(new MemoryFiles().with("modules.json", MODULES.formatted(".."))))
        .hasMessageContaining("'..' is not the name of a folder beside it");
  }

  @Test
  void readsTheLimitOfTokens() {
    String name = "sentence_bert_config.json";

    assertThat(PoolingFiles.maxTokens(new MemoryFiles(), 512)).isEqualTo(512);
    assertThat(maxTokens(name, "{\"max_seq_length\": 256}")).isEqualTo(256);
    assertThat(maxTokens(name, "{\"max_seq_length\": 1000}")).isEqualTo(512);
    assertThat(maxTokens(name, "{\"max_seq_length\": null}")).isEqualTo(512);
    assertThatThrownBy(() -> maxTokens(name, "{\"max_seq_length\": 0}"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("max_seq_length is 0, not a whole number of at least 1");
  }

  private static int maxTokens(String name, String config) {
    return PoolingFiles.maxTokens(new MemoryFiles().with(name, config), 512);
  }

  @Test
  void refusesAPoolingThatIsNoObject() {
    MemoryFiles files = new MemoryFiles().with("1_Pooling/config.json", "[1]");

    assertThatThrownBy(() -> PoolingFiles.read(files))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("Cannot read memory/1_Pooling/config.json: it is not a JSON object");
  }
}
