package io.attune.neural.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Pooling;
import io.attune.schemas.failure.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncoderConfigTest {
  private static EncoderConfig read(String modelType, String more) {
    String config = new SmallEncoder(modelType, 1e-12, 1).config(more);
    return EncoderConfig.read(new MemoryFiles().with("config.json", config), Pooling.MEAN);
  }

  @Test
  void takesEpsilonActivationAndTypesFromTheFile() {
    EncoderConfig config =
        read(
            "bert", ", \"layer_norm_eps\": 1e-6, \"hidden_act\": \"relu\", \"type_vocab_size\": 3");

    assertThat(config.shape().normEpsilon()).isEqualTo(1e-6);
    assertThat(config.shape().activation()).isEqualTo(FeedForwardActivation.RELU);
    assertThat(config.tokenTypes()).isEqualTo(3);
    assertThat(read("distilbert", ", \"activation\": \"relu\"").shape().activation())
        .isEqualTo(FeedForwardActivation.RELU);
  }

  @Test
  void nullIsAsGoodAsMissing() {
    EncoderConfig config =
        read("bert", ", \"layer_norm_eps\": null, \"position_embedding_type\": null");

    assertThat(config.shape().normEpsilon()).isEqualTo(1e-12);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"hidden_act\": \"gelu_new\"' | hidden_act 'gelu_new' is not supported: Attune has gelu",
        "'\"hidden_act\": \"silu\"' | hidden_act 'silu' is not supported",
        "'\"position_embedding_type\": \"relative_key\"' | has no relative positions",
        "'\"is_decoder\": true' | attention to earlier tokens alone is not supported",
        "'\"layer_norm_eps\": 0' | layer_norm_eps is 0, not a number between 0 and 1",
        "'\"layer_norm_eps\": \"a\"' | layer_norm_eps is \"a\", not a number",
        "'\"feed_forward_type\": \"reglu\"' | feed_forward_type is \"reglu\", which is not supported",
        "'\"feed_forward_type\": \"moe\"' | it has another feed-forward layer",
        "'\"activation_function\": \"swiglu\"' | it has a gated feed-forward layer",
        "'\"is_gated_act\": true' | is_gated_act is true, which is not supported",
        "'\"rope_theta\": 10000.0' | rope_theta is 10000.0, which is not supported: it has rotary",
        "'\"rotary_emb_base\": 1000' | rotary_emb_base is 1000",
        "'\"rotary_emb_fraction\": 0.5, \"rotary_emb_base\": 1' | rotary_emb_fraction is 0.5",
        "'\"rope_scaling\": {\"factor\": 2}' | it has rotary positions; take an encoder without",
        "'\"alibi\": true' | it has positions by linear biases",
        "'\"use_rms_norm\": true' | it has another normalisation",
        "'\"type_vocab_size\": -1' | type_vocab_size is -1, not a whole number from 0",
      })
  void refusesWhatItCannotCompute(String field, String message) {
    assertThatThrownBy(() -> read("bert", ", " + field))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageStartingWith("Cannot read memory/config.json: ")
        .hasMessageContaining(message);
  }

  @Test
  void takesSettingsThatSwitchVariantsOff() {
    EncoderConfig config =
        read(
            "bert",
            ", \"feed_forward_type\": \"original\", \"rope_scaling\": null, \"is_gated_act\": false,"
                + " \"rotary_emb_fraction\": 0.0, \"rotary_emb_base\": 10000, \"prenorm\": false");

    assertThat(config.modelType()).isEqualTo("bert");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'{}' | it has no model_type, the name of the architecture",
        "'{\"model_type\": 5}' | it has no model_type",
        "'[]' | it is not a JSON object",
        "'{\"a\":' | it is not JSON: Unexpected end-of-input",
        "'version https://git-lfs.github.com/spec/v1 oid' | it is a pointer of Git LFS",
      })
  void saysWhatAFileIsThatIsNoConfiguration(String file, String message) {
    assertThatThrownBy(
            () -> EncoderConfig.read(new MemoryFiles().with("config.json", file), Pooling.MEAN))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageStartingWith("Cannot read memory/config.json: " + message)
        .hasMessageNotContaining("Source");
  }

  @ParameterizedTest
  @CsvSource({
    "mpnet, relative positions",
    "deberta-v2, relative positions",
    "modernbert, rotary positions and a gated feed-forward layer",
    "nomic_bert, rotary positions and a gated feed-forward layer",
    "albert, one layer shared by all",
    "something, an architecture that Attune does not know",
  })
  void refusesOtherArchitecturesByName(String modelType, String reason) {
    assertThatThrownBy(() -> read(modelType, ""))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining(
            "the model type '" + modelType + "' is not supported: it has " + reason)
        .hasMessageEndingWith("take one of bert, distilbert, roberta, xlm-roberta");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hidden_size | '\"hidden_size\": 0' | hidden_size is 0, not a whole number from 1",
        "hidden_size | '\"hidden\": 8' | hidden_size is not given, not a whole number from 1",
        "hidden_size | '\"hidden_size\": 1e9' | hidden_size is 1.0E9, not a whole number",
        "hidden_size | '\"hidden_size\": 9' | 2 heads do not divide the width 9",
        "num_hidden_layers | '\"num_hidden_layers\": 99999' | at most 1000 are read",
      })
  void refusesSizesThatMakeNoEncoder(String key, String instead, String message) {
    String config =
        new SmallEncoder("bert", 1e-12, 1).config("").replaceAll("\"" + key + "\": \\d+", instead);

    assertThatThrownBy(
            () -> EncoderConfig.read(new MemoryFiles().with("config.json", config), Pooling.MEAN))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesPositionsThatRobertaDoesNotUse() {
    String config =
        new SmallEncoder("roberta", 1e-5, 1)
            .config("")
            .replace("\"max_position_embeddings\": 12", "\"max_position_embeddings\": 2");

    assertThatThrownBy(
            () -> EncoderConfig.read(new MemoryFiles().with("config.json", config), Pooling.MEAN))
        .hasMessageContaining("max_position_embeddings is 2, and the first 2 are not used");
  }

  @Test
  void refusesWhatIsNotJson() {
    assertThatThrownBy(
            () ->
                EncoderConfig.read(
                    new MemoryFiles().with("config.json", "model_type: bert"), Pooling.MEAN))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("Cannot read memory/config.json: it is not JSON: ");
  }
}
