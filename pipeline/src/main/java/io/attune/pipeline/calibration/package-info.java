/**
 * Makes probabilities mean what they say: temperatures fitted on labelled rows, and the shares of
 * the classes among texts whose labels are not known. Tells whether an evaluation holds corrected
 * answers.
 *
 * <p>In: probabilities by class. Out: temperatures, corrected probabilities, shares. Depends on
 * {@code metric} and {@code schemas}; knows neither Spark nor files.
 */
package io.attune.pipeline.calibration;
