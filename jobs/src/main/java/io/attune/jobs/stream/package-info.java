/**
 * Scores files as they arrive: a streaming query of Spark, each of whose batches is read like the
 * files of a night and answered by the model that is current then.
 */
package io.attune.jobs.stream;
