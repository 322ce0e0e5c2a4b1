/**
 * Attention layers for DL4J, the networks built of them, and what they attended to.
 *
 * <p>In go token ids and their mask, out come class probabilities by label head. {@link
 * io.attune.pipeline.model.EncoderLayer} is a layer like DL4J's own and works in any {@code
 * ComputationGraph}; it goes from token ids to one vector a row and copies nothing on the way. The
 * same arithmetic comes in parts that compose with DL4J's layers, on sequences {@code [batch,
 * features, time]}: {@link io.attune.pipeline.model.TokenEmbeddingLayer}, {@link
 * io.attune.pipeline.model.MultiHeadAttentionLayer}, {@link
 * io.attune.pipeline.model.TransformerBlockLayer}, {@link io.attune.pipeline.model.LayerNormLayer},
 * {@link io.attune.pipeline.model.TokenPoolingLayer}; {@link
 * io.attune.pipeline.model.MaskedBidirectional} reads with DL4J's recurrent layers.
 *
 * <p>{@link io.attune.pipeline.model.Networks} builds the networks of Attune from a {@link
 * io.attune.pipeline.model.ModelConfig}; {@link io.attune.pipeline.model.Introspection} reads the
 * weights that attention gave to each token, and how strongly a batch pulls at each parameter.
 *
 * <p>May depend on DL4J, ND4J and {@code schemas}; never on Spark or Hadoop.
 */
package io.attune.pipeline.model;
