/**
 * Publishes and reads model bundles, and answers texts with the model in a bundle.
 *
 * <p>In: trained networks, a linear part or both, with everything that they were trained with. Out:
 * a folder that is enough to use the model anywhere ({@code docs/formats/model.md}), and answers to
 * texts. Depends on {@code linear}, {@code text} and {@code storage}; not on Spark.
 */
package io.attune.pipeline.bundle;
