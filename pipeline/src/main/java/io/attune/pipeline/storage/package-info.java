/**
 * Keeps everything below the root: folders that are published once, tables, the pointer to the
 * current model, locks. Works on any Hadoop file system. Only this package renames or deletes.
 */
package io.attune.pipeline.storage;
