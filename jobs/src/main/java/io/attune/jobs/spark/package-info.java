/** Opens the Spark session, checks the engine it runs on, and measures what a stage cost. */
package io.attune.jobs.spark;
