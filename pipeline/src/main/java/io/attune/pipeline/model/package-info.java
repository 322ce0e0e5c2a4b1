/**
 * Attention layers for DL4J, the networks built of them, and what they attended to.
 *
 * <p>In go token ids and their mask, out come class probabilities by label head. {@link
 * io.attune.pipeline.model.EncoderLayer} is a layer like DL4J's own and works in any {@code
 * ComputationGraph}; {@link io.attune.pipeline.model.Networks} builds the networks of Attune from a
 * {@link io.attune.pipeline.model.ModelConfig}; {@link io.attune.pipeline.model.Introspection}
 * reads the weights that attention gave to each token.
 *
 * <p>May depend on DL4J, ND4J and {@code schemas}; never on Spark or Hadoop.
 */
package io.attune.pipeline.model;
