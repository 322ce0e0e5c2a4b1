/**
 * Provides what training a network needs besides its layers: the updater, its rates and the loss.
 *
 * <p>Saved models name these classes.
 */
package io.attune.neural.optim;
