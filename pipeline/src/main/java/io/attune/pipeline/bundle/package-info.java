/**
 * Publishes and reads model bundles, and answers texts with the model in a bundle.
 *
 * <p>In: a trained network with everything that it was trained with. Out: a folder that is enough
 * to use the model anywhere ({@code docs/formats/model.md}), and answers to texts. Depends on
 * {@code model}, {@code text} and {@code storage}; not on Spark.
 */
package io.attune.pipeline.bundle;
