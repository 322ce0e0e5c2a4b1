/** Writes to a terminal or a log: one line per stage, and a progress bar for long work. */
package io.attune.jobs.console;
