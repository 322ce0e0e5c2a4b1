package io.attune.pipeline.input.stream;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/** Decodes bytes and counts the characters by how likely they are in a text. */
final class DecodedCount {
  /** Bytes at the start of a piece that may be the rest of a character. */
  private static final int CUT = 4;

  private final CharsetDecoder decoder;
  private final CharBuffer decoded = CharBuffer.allocate(1 << 13);
  private long characters;
  private long beyondAscii;
  private long malformed;
  private long odd;
  private long zeros;

  DecodedCount(Charset charset) {
    decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /** Counts one piece; a character that its end cuts is not malformed. */
  void add(byte[] piece, boolean mayBeginWithinACharacter) {
    decoder.reset();
    ByteBuffer bytes = ByteBuffer.wrap(piece);
    while (true) {
      CoderResult result = decoder.decode(bytes, decoded, false);
      decoded.flip();
      while (decoded.hasRemaining()) {
        count(decoded.get());
      }
      decoded.clear();
      if (result.isUnderflow()) {
        return;
      } else if (result.isError()) {
        if (!mayBeginWithinACharacter || bytes.position() >= CUT) {
          malformed++;
        }
        bytes.position(bytes.position() + result.length());
      }
    }
  }

  private void count(char value) {
    characters++;
    beyondAscii += value >= 0x80 ? 1 : 0;
    zeros += value == 0 ? 1 : 0;
    boolean isWhite = value == '\n' || value == '\r' || value == '\t';
    int type = Character.getType(value);
    boolean isOdd =
        (type == Character.CONTROL && !isWhite)
            || type == Character.UNASSIGNED
            || type == Character.PRIVATE_USE;
    odd += isOdd ? 1 : 0;
  }

  long characters() {
    return characters;
  }

  long beyondAscii() {
    return beyondAscii;
  }

  long malformed() {
    return malformed;
  }

  long odd() {
    return odd;
  }

  long zeros() {
    return zeros;
  }
}
