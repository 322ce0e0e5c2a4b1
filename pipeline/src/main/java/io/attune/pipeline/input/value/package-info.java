/**
 * Reads single values as people and programs write them: dates in any common form, labels whatever
 * their spelling, names of splits. What a first configuration guesses and what ingest reads go
 * through the same functions. Depends on schemas only.
 */
package io.attune.pipeline.input.value;
