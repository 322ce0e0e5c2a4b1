/**
 * Turns the judgements of a night into alerts.
 *
 * <p>In go the judgements of all series of a day and how the series contain each other; out come
 * alerts, each with the series that it explains ({@link
 * io.attune.pipeline.surge.alert.NightAlerts}), and over many nights episodes with a beginning and
 * an end ({@link io.attune.pipeline.surge.alert.Episodes}). Depends on {@code surge} and {@code
 * metric}; knows neither Spark nor files.
 */
package io.attune.pipeline.surge.alert;
