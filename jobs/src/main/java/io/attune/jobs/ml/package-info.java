/** Trains a model from a table of Spark, as an estimator of {@code spark.ml}. */
package io.attune.jobs.ml;
