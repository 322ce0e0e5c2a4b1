package io.attune.neural.encoder;

/** Where a block normalises. */
public enum Norm {
  /** What enters the sublayer: x + f(norm(x)) (Xiong et al. 2020). */
  PRE,
  /** What leaves it: norm(x + f(x)) (Vaswani et al. 2017, 3.1). */
  POST
}
