package io.attune.neural.pretrained;

import io.attune.neural.Half;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;

/** Enumerates the element types of tensors in files; of these, three become floats. */
enum ElementType {
  F32(32),
  F16(16),
  BF16(16),
  BOOL(8),
  U8(8),
  I8(8),
  U16(16),
  I16(16),
  U32(32),
  I32(32),
  U64(64),
  I64(64),
  F64(64),
  C64(64),
  F8_E5M2(8),
  F8_E4M3(8),
  F8_E8M0(8),
  F8_E5M2FNUZ(8),
  F8_E4M3FNUZ(8),
  F6_E2M3(6),
  F6_E3M2(6),
  F4(4);

  private final int bits;

  ElementType(int bits) {
    this.bits = bits;
  }

  int bits() {
    return bits;
  }

  boolean readable() {
    return this == F32 || this == F16 || this == BF16;
  }

  static Optional<ElementType> named(String name) {
    for (ElementType type : values()) {
      if (type.name().equals(name.toUpperCase(Locale.ROOT))) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /**
   * Converts whole elements of a readable type.
   *
   * @param bytes little-endian, from its position to its limit
   */
  void decode(ByteBuffer bytes, float[] into, int from) {
    int count = bytes.remaining() * Byte.SIZE / bits;
    switch (this) {
      case F32 -> bytes.asFloatBuffer().get(into, from, count);
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          into[from + i] = Float.intBitsToFloat(bytes.getShort(bytes.position() + 2 * i) << 16);
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          into[from + i] = Half.toFloat(bytes.getShort(bytes.position() + 2 * i));
        }
      }
      default -> throw new IllegalArgumentException(this + " is not read as floats");
    }
  }
}
