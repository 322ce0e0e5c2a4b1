/**
 * Turns the bytes of a file into characters: decompresses them, finds their encoding, and holds the
 * piece of text that a reader looks at.
 *
 * <p>In: a path on any Hadoop file system. Out: characters, and an {@link java.io.IOException}
 * where the file breaks off. Depends on nothing of Attune but {@code schemas}.
 */
package io.attune.pipeline.input.stream;
