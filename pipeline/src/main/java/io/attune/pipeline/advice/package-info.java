/**
 * Advises whether the model in use is to be trained again, and which texts to label.
 *
 * <p>In: the tables of clean documents and scores, the predictions of the model in use on its test
 * split, what later nights found about it. Out: {@code runs/<task>/<run>/advice/} with {@code
 * advice.json} and {@code label-requests.csv} ({@code docs/formats/advice.md}). Used by the stage
 * {@code monitor}; depends on metric, calibration, linear, copies, figure and storage.
 */
package io.attune.pipeline.advice;
