/**
 * Acts on a verdict: moves the pointer to the current model, or leaves it; and moves it back.
 *
 * <p>In: the published verdict and bundle. Out: {@code models/<task>/current}. Depends on {@code
 * storage} and {@code schemas}; decides nothing.
 */
package io.attune.pipeline.stage.promote;
