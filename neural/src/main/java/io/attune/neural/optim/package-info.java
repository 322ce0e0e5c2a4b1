/**
 * Provides the updater, its learning rates and the loss for training a network.
 *
 * <p>Saved models name these classes.
 */
package io.attune.neural.optim;
