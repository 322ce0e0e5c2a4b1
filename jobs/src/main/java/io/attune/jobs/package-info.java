/**
 * Defines the commands: each parses its options, calls the pipeline, and ends with an exit code.
 */
package io.attune.jobs;
