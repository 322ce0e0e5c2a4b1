/**
 * Compares a student with its teacher: documents and tokens per second on one core, and accuracy on
 * the test split.
 */
package io.attune.bench.student;
