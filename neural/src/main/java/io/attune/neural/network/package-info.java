/**
 * Builds the networks of Attune from a {@link io.attune.neural.network.ModelConfig}, and computes
 * their attention weights.
 *
 * <p>Input: token ids and their mask. Output: class probabilities by label head.
 */
package io.attune.neural.network;
