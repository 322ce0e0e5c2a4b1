package io.attune.neural.onednn;

import org.bytedeco.dnnl.memory;

/** Selects the numbers of an operand. */
public enum Type {
  FLOAT32(memory.data_type.f32, Float.BYTES),
  BFLOAT16(memory.data_type.bf16, Short.BYTES),
  INT8(memory.data_type.s8, Byte.BYTES),
  UINT8(memory.data_type.u8, Byte.BYTES),
  INT32(memory.data_type.s32, Integer.BYTES);

  final memory.data_type code;
  private final int bytes;

  Type(memory.data_type code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** Returns the size of a number. */
  public int bytes() {
    return bytes;
  }
}
