/**
 * A training as it goes on, in Spark's metrics system, from where Prometheus and others take it. In
 * go numbers of rounds, out come gauges on the driver; depends on Spark alone.
 */
package io.attune.pipeline.telemetry;
