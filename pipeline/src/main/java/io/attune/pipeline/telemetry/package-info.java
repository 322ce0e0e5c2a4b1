/**
 * Shows a running training in Spark's metrics system, where Prometheus and others read it. In go
 * numbers of rounds, out come gauges on the driver; depends on Spark alone.
 */
package io.attune.pipeline.telemetry;
