package io.attune.pipeline.stage.train.data;

import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Precision;

/**
 * Describes the vectors of a run's rows: {@code states.json}; {@code docs/formats/states.md}
 * specifies it.
 *
 * @param version of this format
 * @param dataset SHA-256 of the dataset's index, which holds the hash of every shard
 * @param encoder SHA-256 of all that the encoder computes with
 * @param blocks of the encoder, the first ones, that the rows went through
 * @param pooling of the vectors of a row's tokens to one; null if each token has its own
 * @param backend that the encoder is computed with, as configured
 * @param precision of the numbers that it multiplies
 * @param width values of a vector
 * @param rowsPerFile rows of a shard whose vectors are in one file
 */
record StateIndex(
    int version,
    String dataset,
    String encoder,
    int blocks,
    Pooling pooling,
    BackendChoice backend,
    Precision precision,
    int width,
    int rowsPerFile) {
  static final String FILE_NAME = "states.json";
  static final int VERSION = 3;
}
