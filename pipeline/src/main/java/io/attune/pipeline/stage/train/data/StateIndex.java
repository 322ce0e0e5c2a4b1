package io.attune.pipeline.stage.train.data;

import io.attune.neural.encoder.Pooling;

/**
 * Describes the vectors of a run's rows: {@code states.json}; {@code docs/formats/states.md}
 * specifies it.
 *
 * @param version of this format
 * @param dataset SHA-256 of the dataset's index, which holds the hash of every shard
 * @param encoder SHA-256 of all that the encoder computes with
 * @param blocks of the encoder, the first ones, that the rows went through
 * @param pooling of the vectors of a row's tokens to one; null if each token has its own
 * @param width values of a vector
 * @param rowsPerFile rows of a shard whose vectors are in one file
 */
record StateIndex(
    int version,
    String dataset,
    String encoder,
    int blocks,
    Pooling pooling,
    int width,
    int rowsPerFile) {
  static final String FILE_NAME = "states.json";
  static final int VERSION = 2;
}
