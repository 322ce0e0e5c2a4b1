/**
 * Acts on a verdict: moves the pointer to the current model, or leaves it; and moves it back.
 *
 * <p>In: the published verdict and bundle. Out: {@code models/<task>/current}, and where the
 * verdict is for the linear part alone, {@code models/<task>/<run>-linear}. Depends on {@code
 * storage}, {@code bundle} and {@code schemas}; decides nothing.
 */
package io.attune.pipeline.stage.promote;
