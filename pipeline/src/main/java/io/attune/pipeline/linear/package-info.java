/**
 * Trains and applies the linear part of a model, and combines it with a network.
 *
 * <p>In: texts with labels. Out: logistic regressions on n-grams that are scaled by Naive Bayes
 * log-count ratios (NBSVM, Wang & Manning 2012, with the logistic loss), as an object and as the
 * file {@code linear.bin} ({@code docs/formats/model.md}); weights for the logarithmic opinion pool
 * of the linear part and a network. Depends on {@code metric} and {@code schemas}.
 */
package io.attune.pipeline.linear;
