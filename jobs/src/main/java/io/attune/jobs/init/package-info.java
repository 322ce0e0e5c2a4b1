/** Writes a first configuration for a user's file, with the inferred columns and why. */
package io.attune.jobs.init;
