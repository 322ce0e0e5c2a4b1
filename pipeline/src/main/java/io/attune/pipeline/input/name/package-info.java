/**
 * Tells by a file's name what it is: hidden, still being written, or about the data beside it.
 *
 * <p>In: names. Out: what they say. Depends on nothing of Attune.
 */
package io.attune.pipeline.input.name;
