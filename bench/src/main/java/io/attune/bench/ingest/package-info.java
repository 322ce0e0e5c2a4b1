/**
 * Measures ingest and clean on a generated corpus of any size, beside the plain Spark job that a
 * user would write instead.
 */
package io.attune.bench.ingest;
