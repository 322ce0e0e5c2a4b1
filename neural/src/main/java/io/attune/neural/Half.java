package io.attune.neural;

/**
 * Converts between floats and IEEE 754 binary16, which Java 17 cannot. A half has a sign, 5 bits of
 * exponent with a bias of 15, and 10 bits of fraction.
 */
public final class Half {
  private static final int FLOAT_FRACTION_BITS = 23;
  private static final int FRACTION_BITS = 10;
  private static final int LOST_BITS = FLOAT_FRACTION_BITS - FRACTION_BITS;
  private static final int SIGN = 0x8000;
  private static final int INFINITY = 0x7c00;
  private static final int QUIET = 0x0200;

  /** Holds the bits of a float's exponent less those of a half's, for the same number. */
  private static final int EXPONENT_DIFFERENCE = (127 - 15) << FLOAT_FRACTION_BITS;

  /** Holds the float 65,520, from which on numbers round to infinity. */
  private static final int OVERFLOW = Float.floatToRawIntBits(65520);

  /** Holds 2^-14 as a float, the least number with a full fraction. */
  private static final int LEAST_NORMAL = Float.floatToRawIntBits(0x1p-14f);

  /** Holds every half as a float: faster than arithmetic, and 256 KB. */
  private static final float[] FLOATS = new float[1 << Short.SIZE];

  static {
    for (int bits = 0; bits < FLOATS.length; bits++) {
      FLOATS[bits] = decode(bits);
    }
  }

  private Half() {}

  /** Returns the float of the same value. */
  public static float toFloat(short half) {
    return FLOATS[Short.toUnsignedInt(half)];
  }

  /** Returns the nearest half; of two that are equally near, the one whose last bit is 0. */
  public static short of(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> Short.SIZE) & SIGN;
    int magnitude = bits & Integer.MAX_VALUE;
    if (Float.isNaN(value)) {
      return (short) (sign | INFINITY | QUIET | ((magnitude >>> LOST_BITS) & 0x3ff));
    }
    if (magnitude >= OVERFLOW) {
      return (short) (sign | INFINITY);
    }
    if (magnitude < LEAST_NORMAL) {
      // The last place of a subnormal half is 2^-24; rint rounds half to even.
      return (short) (sign | (int) Math.rint(Math.abs((double) value) * 0x1p24));
    }
    int lastKept = (magnitude >>> LOST_BITS) & 1;
    int rounded = magnitude - EXPONENT_DIFFERENCE + (1 << (LOST_BITS - 1)) - 1 + lastKept;
    return (short) (sign | (rounded >>> LOST_BITS));
  }

  private static float decode(int bits) {
    int exponent = (bits >>> FRACTION_BITS) & 0x1f;
    int fraction = bits & 0x3ff;
    float magnitude;
    if (exponent == 0x1f) {
      magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else if (exponent == 0) {
      magnitude = fraction * 0x1p-24f;
    } else {
      magnitude = Math.scalb(1 + fraction * 0x1p-10f, exponent - 15);
    }
    return (bits & SIGN) == 0 ? magnitude : -magnitude;
  }
}
