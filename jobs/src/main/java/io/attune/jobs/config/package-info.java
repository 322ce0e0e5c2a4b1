/**
 * Loads a task's YAML file into the records that the stages take, with defaults below and overrides
 * above; errors name the file, the line, the key and the nearest known one.
 */
package io.attune.jobs.config;
