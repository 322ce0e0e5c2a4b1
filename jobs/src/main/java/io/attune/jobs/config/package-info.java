/**
 * From a task's YAML file to the records that the stages take: defaults beneath, overrides above,
 * and for whatever is wrong the file, the line, the key and what was probably meant.
 */
package io.attune.jobs.config;
