package io.attune.pipeline.input.stream;

/**
 * Names a part of a text file that is not compressed.
 *
 * @param from the offset of its first byte: the start of the file, or behind a line end
 * @param to the offset behind its last byte
 * @param encoding of the file, in which a line end is one byte
 */
public record TextRange(String file, long from, long to, String encoding) {}
