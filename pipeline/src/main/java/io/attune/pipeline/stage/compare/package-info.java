/**
 * Decides whether the candidate may replace the current model, and says why.
 *
 * <p>In: the published evaluation and its predictions. Out: {@code runs/<task>/<run>/verdict/} with
 * {@code verdict.json}. Deciding is a pure function of what two models answered to the same test
 * rows; acting on it is another stage's work. Depends on {@code metric}, {@code storage} and {@code
 * schemas}.
 */
package io.attune.pipeline.stage.compare;
