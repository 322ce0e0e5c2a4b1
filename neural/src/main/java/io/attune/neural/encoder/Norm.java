package io.attune.neural.encoder;

/** Selects where a block normalises. */
public enum Norm {
  /** Normalises the input of the sublayer: x + f(norm(x)) (Xiong et al. 2020). */
  PRE,
  /** Normalises the sum of input and output: norm(x + f(x)) (Vaswani et al. 2017, 3.1). */
  POST
}
