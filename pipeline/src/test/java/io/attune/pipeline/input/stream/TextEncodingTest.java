package io.attune.pipeline.input.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TextEncodingTest {
  private static final List<Charset> CUT =
      Charset.availableCharsets().values().stream()
          .filter(charset -> new TextEncoding(charset, 0, "").hasLineEndsOfOneByte())
          .toList();

  @Provide
  Arbitrary<byte[]> damaged() {
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(3, Arbitraries.bytes()),
            net.jqwik.api.Tuple.of(
                2, Arbitraries.of((byte) '\n', (byte) '\r', (byte) '0', (byte) 0x81, (byte) 0x8F)))
        .array(byte[].class)
        .ofMaxSize(40);
  }

  @Property(tries = 500)
  void lineEndsAreCharactersByThemselvesHoweverATextIsDamaged(@ForAll("damaged") byte[] bytes) {
    String latin = new String(bytes, StandardCharsets.ISO_8859_1);
    for (Charset charset : CUT) {
      String text = new String(bytes, charset);
      for (char end : new char[] {'\n', '\r'}) {
        assertThat(count(text, end)).as("%s of %s", charset, latin).isEqualTo(count(latin, end));
      }
    }
  }

  @Test
  void encodingsInWhichALineEndIsMoreThanAByteAreKnown() {
    assertThat(Stream.of("UTF-8", "ISO-8859-2", "windows-1252").map(Charset::forName))
        .isSubsetOf(CUT);
    // A damaged character of GB18030 takes the line end behind it.
    assertThat(CUT)
        .doesNotContain(
            StandardCharsets.UTF_16LE, Charset.forName("UTF-32"), Charset.forName("GB18030"));
  }

  private static long count(String text, char end) {
    return text.chars().filter(c -> c == end).count();
  }
}
