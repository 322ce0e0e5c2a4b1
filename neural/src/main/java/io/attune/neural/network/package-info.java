/**
 * Builds the networks of Attune from a {@link io.attune.neural.network.ModelConfig}, and reads what
 * they attended to.
 *
 * <p>Token ids and their mask go in, class probabilities by label head come out.
 */
package io.attune.neural.network;
