/** What a person at a terminal, or a log, sees: one line a stage, a bar for long work. */
package io.attune.jobs.console;
