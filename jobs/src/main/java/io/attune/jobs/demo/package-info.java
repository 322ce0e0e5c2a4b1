/**
 * Generates the corpus of {@code attune demo}: takes a seed, and writes the files of two nights.
 *
 * <p>Texts are made by {@link io.attune.jobs.demo.Grammar grammars} that are resources of this
 * package, one for each language of news and reviews, and corrupted by {@link
 * io.attune.jobs.demo.Corruptor}. Depends on the JDK and on {@code io.attune.schemas} only; no
 * stage knows that its input was invented.
 */
package io.attune.jobs.demo;
