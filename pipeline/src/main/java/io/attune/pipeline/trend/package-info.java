/**
 * Corrects shares of classes for the errors of the model that counted them.
 *
 * <p>In go predicted counts and the model's confusion matrix on the test split; out come the shares
 * of the true classes, with intervals. Depends on {@code metric} and commons-math; knows neither
 * Spark nor files.
 */
package io.attune.pipeline.trend;
