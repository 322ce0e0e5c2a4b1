package io.attune.pipeline.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JavaEncoderTest {
  private static final int MANY = 1_000_000;
  private static final Map<Form, byte[]> FILES = new ConcurrentHashMap<>();
  private static final Map<Form, SubwordTokenizer> TOKENIZERS = new ConcurrentHashMap<>();

  /** Lists BERT's normalisers that are met, in the order of the fields of its JSON. */
  private enum Form {
    LOWER(true, true, null, true),
    CASED(true, true, null, false),
    CASED_WITHOUT_ACCENTS(true, true, true, false),
    LOWER_WITH_ACCENTS(true, false, false, true),
    UNCLEANED(false, true, null, true);

    private final String normalizer;

    Form(boolean clean, boolean chinese, Boolean stripped, boolean lower) {
      normalizer =
          """
          {"type": "BertNormalizer", "clean_text": %s, "handle_chinese_chars": %s,
           "strip_accents": %s, "lowercase": %s}
          """
              .formatted(clean, chinese, stripped, lower);
    }

    byte[] file() {
      return FILES.computeIfAbsent(this, Form::written);
    }

    private byte[] written() {
      try {
        return Json.pretty(bert(normalizer, Character.MAX_CODE_POINT));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    SubwordTokenizer tokenizer() {
      return TOKENIZERS.computeIfAbsent(this, form -> SubwordTokenizer.shared(form.file()));
    }
  }

  /**
   * Returns a tokenizer that knows a few words, and code points alone and inside a word.
   *
   * @param last of these code points
   */
  private static ObjectNode bert(String normalizer, int last) throws IOException {
    ObjectNode file = JsonNodeFactory.instance.objectNode().put("version", "1.0");
    ObjectNode model =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "WordPiece")
            .put("unk_token", "[UNK]")
            .put("continuing_subword_prefix", "##")
            .put("max_input_chars_per_word", 100);
    ObjectNode vocabulary = model.putObject("vocab");
    Stream<String> special = Stream.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
    Stream<String> words = Stream.of("good", "go", "##od", "abc", "##cd", "##cde", "##de", "naive");
    Stream<String> points =
        IntStream.rangeClosed(1, last)
            .filter(JavaEncoderTest::isCharacter)
            .mapToObj(Character::toString);
    Stream.of(special, words, points.flatMap(it -> Stream.of(it, "##" + it)))
        .flatMap(tokens -> tokens)
        .forEach(token -> vocabulary.put(token, vocabulary.size()));
    for (String token : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")) {
      file.withArray("added_tokens")
          .addObject()
          .put("id", vocabulary.get(token).asInt())
          .put("content", token)
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    file.set("normalizer", Json.read(normalizer.getBytes(UTF_8), JsonNode.class));
    file.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
    file.set("model", model);
    return file;
  }

  /**
   * Returns whether it is one that texts have; 'z' is left out, so that there is an unknown one.
   */
  private static boolean isCharacter(int point) {
    return point != 'z'
        && switch (Character.getType(point)) {
          case Character.UNASSIGNED, Character.SURROGATE, Character.PRIVATE_USE -> false;
          default -> true;
        };
  }

  private static JavaEncoder encoder(byte[] file) throws IOException {
    return JavaEncoder.of(Json.read(file, JsonNode.class)).orElseThrow();
  }

  @Provide
  Arbitrary<String> texts() {
    return AnyText.arbitrary();
  }

  @Property(tries = 500, seed = "2026")
  void anyTextGivesTheIdsOfTheNativeLibrary(@ForAll("texts") String text) {
    for (Form form : Form.values()) {
      SubwordTokenizer tokenizer = form.tokenizer();
      assertThat(tokenizer.ids(text, MANY))
          .as("%s of '%s'", form, text)
          .isEqualTo(tokenizer.encode(text, MANY).ids());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LOWER", "CASED"})
  void everyCodePointGivesTheIdsOfTheNativeLibraryBesideAnyOther(Form form) throws IOException {
    SubwordTokenizer tokenizer = form.tokenizer();
    try (JavaEncoder encoder = encoder(form.file())) {
      StringBuilder text = new StringBuilder();
      int inJava = 0;
      for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
        // A text with others is the native library's as a whole.
        if (encoder.ids(Character.toString(point)) != null) {
          text.append(AnyText.around(point));
          inJava++;
        }
        if (point % 1024 == 1023) {
          assertThat(encoder.ids(text + "good"))
              .as("%s up to U+%X", form, point)
              .isEqualTo(tokenizer.encode(text + "good", MANY).ids());
          text.setLength(0);
        }
      }
      assertThat(inJava).isGreaterThan(100_000);
    }
  }

  @Test
  void usualTextsStayInJavaAndSpecialTokensAndMarksInThemDoNot() throws IOException {
    try (JavaEncoder encoder = encoder(Form.LOWER.file())) {
      for (String text :
          List.of(
              "", " \n", "Good naïve café", "我买了iPhone15！", "☺️ 😀 [sep]", "\0\uD83D", "e\u0301")) {
        assertThat(encoder.ids(text)).as(text).isNotNull();
      }
      for (String text : List.of("a [SEP] b", "[[CLS]", "हिन्दी", "\u0378")) {
        assertThat(encoder.ids(text)).as(text).isNull();
      }
    }
  }

  @Test
  void leavesWhatItDoesNotKnowToTheNativeLibrary() throws IOException {
    assertThat(JavaEncoder.of(changed(file -> {}))).isPresent();
    List<Consumer<ObjectNode>> changes =
        List.of(
            file -> file.putNull("normalizer"),
            file -> file.putObject("normalizer").put("type", "Replace"),
            file -> file.putObject("pre_tokenizer").put("type", "Whitespace"),
            file -> file.withObject("/model").put("type", "WordLevel"),
            file -> file.withObject("/model").put("unk_token", "[NONE]"),
            file -> file.withObject("/model").put("continuing_subword_prefix", ""),
            file -> ((ObjectNode) file.path("added_tokens").get(0)).put("normalized", true),
            file -> ((ObjectNode) file.path("added_tokens").get(0)).put("content", ""));
    for (Consumer<ObjectNode> change : changes) {
      assertThat(JavaEncoder.of(changed(change))).isEmpty();
    }
  }

  private static ObjectNode changed(Consumer<ObjectNode> change) throws IOException {
    ObjectNode file = bert(Form.LOWER.normalizer, 'y');
    change.accept(file);
    return file;
  }

  @Test
  void threadsMayShareOne() throws IOException {
    SubwordTokenizer tokenizer = Form.LOWER.tokenizer();
    Random random = new Random(1);
    List<String> texts =
        Stream.generate(
                () -> "Good " + random.nextInt(100_000) + " 手机" + (char) random.nextInt(700))
            .limit(5_000)
            .toList();
    List<int[]> expected = texts.stream().map(text -> tokenizer.encode(text, 50).ids()).toList();

    List<int[]> found =
        IntStream.range(0, 20 * texts.size())
            .parallel()
            .mapToObj(i -> tokenizer.ids(texts.get(i % texts.size()), 50))
            .toList();

    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).isEqualTo(expected.get(i % texts.size()));
    }
  }
}
