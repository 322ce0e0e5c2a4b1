package io.attune.pipeline.input;

import java.io.Serializable;

/**
 * Describes one file of a corpus, as it was found.
 *
 * @param path absolute, with its file system
 * @param date the night in its path, ISO 8601; null where the path has none
 * @param modified milliseconds since 1970, UTC
 */
public record InputFile(String corpus, String path, String date, long bytes, long modified)
    implements Serializable {}
