/**
 * Provides the attention layers that DL4J networks are built of.
 *
 * <p>{@link io.attune.neural.layer.EncoderLayer} is a layer like DL4J's own and works in any {@code
 * ComputationGraph}; it maps token ids to one vector for each row without copies in between. {@link
 * io.attune.neural.layer.EncoderStemLayer} and {@link io.attune.neural.layer.EncoderStackLayer} are
 * its lower and its upper part, so that the upper one can be trained alone. The same arithmetic is
 * available in parts that compose with DL4J's layers, on sequences {@code [batch, features, time]}:
 * {@link io.attune.neural.layer.TokenEmbeddingLayer}, {@link
 * io.attune.neural.layer.MultiHeadAttentionLayer}, {@link
 * io.attune.neural.layer.TransformerBlockLayer}, {@link io.attune.neural.layer.LayerNormLayer},
 * {@link io.attune.neural.layer.TokenPoolingLayer}; {@link
 * io.attune.neural.layer.MaskedBidirectional} reads with DL4J's recurrent layers. Saved models name
 * these classes.
 */
package io.attune.neural.layer;
