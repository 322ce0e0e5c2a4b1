package io.attune.pipeline.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CharacterMapTest {
  private static final int UNITS = 256;

  /** Maps the letter {@code A} to the text at a place of the texts. */
  private static byte[] mapOfA(int place, byte[] texts) {
    ByteBuffer map =
        ByteBuffer.allocate(4 + 4 * UNITS + texts.length).order(ByteOrder.LITTLE_ENDIAN);
    map.putInt(4 * UNITS);
    map.putInt(4, 1 << 10); // the root, whose children are at 1 ^ their byte
    int child = 1 ^ 'A';
    map.putInt(4 + 4 * child, 'A' | 1 << 8 | (child ^ 2) << 10); // with its leaf at 2
    map.putInt(4 + 4 * 2, 1 << 31 | place);
    return map.position(4 + 4 * UNITS).put(texts).array();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode normalizer(String map) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode sequence = root.putObject("normalizer").put("type", "Sequence");
    sequence
        .putArray("normalizers")
        .addObject()
        .put("type", "Precompiled")
        .put("precompiled_charsmap", map);
    return root;
  }

  private static JsonNode normalizer(byte[] map) {
    return normalizer(Base64.getEncoder().encodeToString(map));
  }

  private static byte[] with(byte[] map, int index, int value) {
    ByteBuffer.wrap(map).order(ByteOrder.LITTLE_ENDIAN).putInt(index, value);
    return map;
  }

  @Test
  void takesAMapThatTheNativeLibraryReads() throws IOException {
    JsonNode normalizer = normalizer(mapOfA(0, text("b\0")));
    ObjectNode file =
        (ObjectNode)
            Json.read(
                text(
                    """
                    {"version": "1.0", "added_tokens": [], "pre_tokenizer": null,
                     "post_processor": null, "decoder": null,
                     "model": {"type": "Unigram", "unk_id": 0,
                               "vocab": [["<unk>", 0.0], ["b", -1.0], ["A", -2.0]]}}
                    """),
                JsonNode.class);
    file.set("normalizer", normalizer.path("normalizer"));

    try (SubwordTokenizer tokenizer = SubwordTokenizer.of(text(Json.line(file)))) {
      assertThat(tokenizer.ids("A", 9)).containsExactly(1);
    }
    assertThatCode(() -> CharacterMap.check(normalizer(mapOfA(2, text("b\0")))))
        .doesNotThrowAnyException();
    assertThatCode(() -> CharacterMap.check(JsonNodeFactory.instance.objectNode()))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'?' | it is not Base64",
        "'AAAA' | it has only 3 bytes",
        "'/////w==' | its trie is said to have 4294967295 bytes",
        "'AwAAAAAAAA==' | its trie is said to have 3 bytes",
        "'AAAAAAAAAA==' | its trie is said to have 0 bytes",
        "'BAAAAAAAAAA=' | it points to unit 1 of its trie, which has 1",
      })
  void refusesABrokenMap(String map, String message) {
    assertThatThrownBy(() -> CharacterMap.check(normalizer(map)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the precompiled_charsmap of its normalizer is broken: " + message);
  }

  @Test
  void refusesAMapThatLeadsOutOfItself() {
    assertThatThrownBy(() -> CharacterMap.check(normalizer(mapOfA(3, text("b\0")))))
        .hasMessageContaining("it points to text 3, of 2 bytes of texts");
    assertThatThrownBy(() -> CharacterMap.check(normalizer(mapOfA(1, text("é\0")))))
        .hasMessageContaining("it points to text 1, of 3 bytes of texts");
    assertThatThrownBy(() -> CharacterMap.check(normalizer(mapOfA(0, new byte[] {(byte) 0xFF, 0}))))
        .hasMessageContaining("its texts are not UTF-8");
    int child = 4 + 4 * (1 ^ 'A');
    byte[] far = with(mapOfA(0, text("b\0")), child, 'A' | 1 << 8 | 512 << 10);
    assertThatThrownBy(() -> CharacterMap.check(normalizer(far)))
        .hasMessageContaining("of its trie, which has 256");
    byte[] root = with(mapOfA(0, text("b\0")), 4, -1);
    assertThatThrownBy(() -> CharacterMap.check(normalizer(root)))
        .hasMessageContaining("of its trie, which has 256");
  }

  @Test
  void aTokenizerWithABrokenMapNeverReachesTheNativeLibrary() {
    ObjectNode file = (ObjectNode) normalizer("AAAA");
    file.putObject("model").put("type", "WordPiece").putObject("vocab").put("a", 0);

    assertThatThrownBy(() -> SubwordTokenizer.of(text(Json.line(file))))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("precompiled_charsmap");
  }
}
