/** Writes a first configuration for somebody's own file, with what was guessed and why. */
package io.attune.jobs.init;
