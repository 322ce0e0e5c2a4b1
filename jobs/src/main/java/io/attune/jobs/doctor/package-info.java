/**
 * Checks the environment of the jobs: each check says what it found, what it prevents, and how to
 * fix it.
 */
package io.attune.jobs.doctor;
