/**
 * Writes a first configuration for users' files. In: samples of files and folders. Out: YAML with
 * comments, and what was found, why, and what to check, for a person and for a program. Whatever is
 * guessed is read by the functions that ingest uses.
 */
package io.attune.jobs.init;
