/**
 * Measures how surely and how early surges of daily series are found, beside EARS and R's {@code
 * surveillance}, on simulated signals.
 */
package io.attune.bench.alerts;
