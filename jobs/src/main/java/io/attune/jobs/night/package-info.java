/**
 * Runs nights as a state machine: decides which nights are due and which of their stages are done,
 * and runs the rest in order. The state is saved after each stage, so that an interrupted night
 * resumes where it stopped.
 */
package io.attune.jobs.night;
