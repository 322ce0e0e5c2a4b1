/** Opens the Spark session, checks its version, and measures the cost of a stage. */
package io.attune.jobs.spark;
