package io.attune.pipeline.alert;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PlainTextTest {
  @Test
  void markupOfChatsMeansNothing() {
    assertThat(PlainText.of("*bold* _it_ `code` [x](y) <@U1> @here #1 | ~~s~~", 200))
        .doesNotContain("*", "_", "`", "[", "]", "<", ">", "@", "#", "|", "~");
    assertThat(PlainText.of("see http://evil.example and www.evil.example", 200))
        .doesNotContain("http://", "www.");
    assertThat(PlainText.of("- item", 200)).doesNotStartWith("- ");
    assertThat(PlainText.of("1. item", 200)).doesNotStartWith("1.");
  }

  @Test
  void controlCharactersAndOverridesAreGone() {
    assertThat(PlainText.of("a\u001b[31mb\r\nc\u202Ed\u0000e\u2028f", 200))
        .isEqualTo("a ［31mb cd e f");
  }

  @Test
  void ordinaryTextStaysAsItIs() {
    assertThat(PlainText.of("Novela fined 3.5 % – 港湾社：净利润下滑", 200))
        .isEqualTo("Novela fined 3.5 % – 港湾社：净利润下滑");
    assertThat(PlainText.of(null, 10)).isEmpty();
    assertThat(PlainText.of("abcdef", 3)).isEqualTo("ab…");
  }

  @Property
  void isOneLineWithoutControlCharacters(@ForAll String text) {
    assertThat(PlainText.of(text, 80).codePoints())
        .noneMatch(c -> Character.getType(c) == Character.CONTROL)
        .noneMatch(c -> "\\`*_~|[]<>#@".indexOf(c) >= 0);
  }
}
