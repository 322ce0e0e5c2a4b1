/**
 * Checks of the place that jobs run in: each says what it found, what it prevents, how to mend it.
 */
package io.attune.jobs.doctor;
