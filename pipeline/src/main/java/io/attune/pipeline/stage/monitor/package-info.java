/**
 * Turns what the models answered into trends, alerts and what the page of the mood shows.
 *
 * <p>In: the tables of clean documents and scores, the evaluation of the model in use, the alerts
 * of earlier nights. Out: rows of the tables {@code trends} and {@code alerts}, and {@code
 * runs/<task>/<run>/mood/} with {@code mood.json}, {@code alerts.json} and {@code alerts.txt}
 * ({@code docs/formats/alerts.md}). Spark counts; only the daily counts of a bounded number of
 * series come to the driver. The advice on the model in use is made by {@code advice}. Depends
 * besides on {@code surge}, {@code trend}, {@code alert}, {@code bundle}, {@code calibration},
 * {@code copies} and {@code storage}.
 */
package io.attune.pipeline.stage.monitor;
