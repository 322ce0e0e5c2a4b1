package io.attune.neural.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerFilesTest {
  private static final String SPECIAL = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";

  private static ObjectNode given(MavenEncoder encoder) throws IOException {
    try (InputStream in = encoder.open("tokenizer.json")) {
      return Json.read(in.readAllBytes(), ObjectNode.class);
    }
  }

  private static JsonNode read(MemoryFiles files) throws IOException {
    return Json.read(TokenizerFiles.read(files, 100_000), JsonNode.class);
  }

  private static MemoryFiles files(JsonNode tokenizer) {
    return new MemoryFiles().with("tokenizer.json", Json.line(tokenizer));
  }

  /** Returns the tokens of a vocabulary one a line, in the order of their ids. */
  private static String lines(JsonNode tokenizer) {
    String[] lines = new String[tokenizer.path("model").path("vocab").size()];
    tokenizer
        .path("model")
        .path("vocab")
        .properties()
        .forEach(token -> lines[token.getValue().asInt()] = token.getKey());
    return String.join("\n", lines) + "\n";
  }

  @Test
  void switchesOffTruncationAndPadding() throws IOException {
    ObjectNode given = given(MavenEncoder.MINILM);
    assertThat(given.path("truncation").isObject() && given.path("padding").isObject()).isTrue();

    JsonNode read = read(files(given));

    assertThat(read.get("truncation").isNull()).isTrue();
    assertThat(read.get("padding").isNull()).isTrue();
    given.putNull("truncation").putNull("padding");
    assertThat(read).isEqualTo(given);
  }

  @Test
  void aVocabularyOneATokenALineIsTheSameTokenizer() throws IOException {
    for (MavenEncoder encoder : List.of(MavenEncoder.MINILM, MavenEncoder.BGE_ZH)) {
      ObjectNode given = given(encoder);
      byte[] made =
          TokenizerFiles.read(
              new MemoryFiles()
                  .with("vocab.txt", lines(given))
                  .with("tokenizer_config.json", "{\"do_lower_case\": true}"),
              30522);
      byte[] expected = TokenizerFiles.read(files(given), 30522);
      try (ReferenceTokenizer found = ReferenceTokenizer.of(made);
          ReferenceTokenizer reference = ReferenceTokenizer.of(expected)) {
        for (String text : ParityTexts.ALL) {
          assertThat(found.ids(text)).isEqualTo(reference.ids(text));
        }
      }
    }
  }

  @Test
  void takesSettingsAndSpecialTokensOfItsOwn() throws IOException {
    JsonNode read =
        read(
            new MemoryFiles()
                .with("vocab.txt", "<pad>\r\n<unk>\r\n<s>\r\n</s>\r\n<mask>\r\nParis\r\n##A\r\n")
                .with(
                    "tokenizer_config.json",
                    """
                    {"do_lower_case": false, "strip_accents": true, "tokenize_chinese_chars": false,
                     "pad_token": "<pad>", "unk_token": {"content": "<unk>", "lstrip": false},
                     "cls_token": "<s>", "sep_token": "</s>", "mask_token": "<mask>"}
                    """));

    assertThat(read.path("normalizer").toString())
        .isEqualTo(
            "{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":false,"
                + "\"strip_accents\":true,\"lowercase\":false}");
    try (ReferenceTokenizer tokenizer =
        ReferenceTokenizer.of(Json.line(read).getBytes(StandardCharsets.UTF_8))) {
      assertThat(tokenizer.ids("ParisA paris <mask>")).containsExactly(2, 5, 6, 1, 4, 3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a, true",
    "Paris, false",
    "##B, false",
    "<S>, true",
    "[unused1], true",
    "É, false",
  })
  void lowersTheCaseOfAVocabularyWithoutCapitals(String token, boolean lowered) throws IOException {
    JsonNode read =
        read(
            new MemoryFiles()
                .with("vocab.txt", SPECIAL + token)
                .with("tokenizer_config.json", "{\"do_lower_case\": false}"));

    assertThat(read.path("normalizer").path("lowercase").asBoolean()).isEqualTo(lowered);
  }

  @Test
  void takesTheSettingsBesideATokenizerAsHuggingFaceDoes() throws IOException {
    JsonNode read =
        read(
            files(given(MavenEncoder.BGE_EN))
                .with("tokenizer_config.json", "{\"strip_accents\": false}"));

    assertThat(read.path("normalizer").path("strip_accents").asBoolean(true)).isFalse();
    assertThat(read.path("normalizer").path("lowercase").asBoolean()).isTrue();
  }

  @Test
  void leavesOtherTokenizersAsTheyAre() throws IOException {
    String unigram =
        """
        {"version":"1.0","truncation":null,"padding":null,
         "added_tokens":[{"id":0,"content":"<s>","special":true}],
         "normalizer":{"type":"Sequence","normalizers":[{"type":"NFKC"}]},
         "model":{"type":"Unigram","unk_id":1,"vocab":[["<s>",0.0],["<unk>",0.0],["a",-1.25]]}}
        """;

    assertThat(read(new MemoryFiles().with("tokenizer.json", unigram)))
        .isEqualTo(Json.read(unigram.getBytes(StandardCharsets.UTF_8), JsonNode.class));
    assertThatThrownBy(
            () -> TokenizerFiles.read(new MemoryFiles().with("tokenizer.json", unigram), 2))
        .hasMessageContaining("it has token ids up to 2, and the encoder has embeddings for 2");
  }

  @Test
  void switchesOffTheDropoutOfMerges() throws IOException {
    String bpe =
        "{\"model\": {\"type\": \"BPE\", \"dropout\": 0.5, \"vocab\": {\"a\": 0}, \"merges\": []}}";

    JsonNode read = read(new MemoryFiles().with("tokenizer.json", bpe));

    assertThat(read.path("model").path("dropout").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"vocab\": {\"a\": 1.5}} | its token 'a' has the id 1.5, not a whole number of at least 0",
        "{\"vocab\": [[\"a\", \"b\"]]} | is not a token with its score",
        "{\"vocab\": [[\"a\", 0]], \"unk_id\": 1} | its unknown token has the id 1, and its vocabulary",
        "{\"vocab\": {\"a\": 0}, \"unk_token\": \"b\"} | its unknown token 'b' is not in its vocabulary",
      })
  void refusesIdsThatTheEncoderCannotHave(String model, String message) {
    assertThatThrownBy(
            () ->
                TokenizerFiles.read(
                    new MemoryFiles().with("tokenizer.json", "{\"model\": " + model + "}"), 9))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\": \"BertProcessing\", \"sep\": [\"[SEP]\", 9], \"cls\": [\"[CLS]\", 0]}",
        "{\"processors\": [{\"type\": \"RobertaProcessing\", \"sep\": [\"[SEP]\", 9]}]}",
        "{\"special_tokens\": {\"[SEP]\": {\"id\": \"[SEP]\", \"ids\": [0, 9]}}}",
      })
  void refusesIdsOfAnyPostProcessorThatTheEncoderCannotHave(String processor) {
    String tokenizer =
        "{\"model\": {\"vocab\": {\"a\": 0}}, \"post_processor\": " + processor + "}";

    assertThatThrownBy(
            () -> TokenizerFiles.read(new MemoryFiles().with("tokenizer.json", tokenizer), 9))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("the token '[SEP]' of its post_processor has the id 9");
  }

  @Test
  void refusesMoreTokensThanEmbeddings() {
    MemoryFiles files = new MemoryFiles().with("vocab.txt", SPECIAL + "a\nb\n");

    assertThat(TokenizerFiles.read(files, 7)).isNotEmpty();
    assertThatThrownBy(() -> TokenizerFiles.read(files, 6))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessage(
            "Cannot read memory/vocab.txt: it has token ids up to 6, and the encoder has embeddings"
                + " for 6; take the tokenizer and the encoder from the same publisher");
  }

  @Test
  void refusesWhatIsNoTokenizer() {
    assertThatThrownBy(() -> TokenizerFiles.read(new MemoryFiles(), 9))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining(
            "Cannot read memory/tokenizer.json: there is neither this nor vocab.txt; save the"
                + " tokenizer with save_pretrained");
    assertThatThrownBy(() -> TokenizerFiles.read(new MemoryFiles().with("tokenizer.json", "{}"), 9))
        .hasMessageContaining("it has no 'model'");
    assertThatThrownBy(
            () ->
                TokenizerFiles.read(
                    new MemoryFiles().with("tokenizer.json", "{\"model\": {\"vocab\": {}}}"), 9))
        .hasMessageContaining("it has no vocabulary");
    assertThatThrownBy(
            () -> TokenizerFiles.read(new MemoryFiles().with("vocab.txt", "[PAD]\na\n"), 9))
        .hasMessageContaining("it has no token [CLS], the cls_token");
  }
}
