/** Reads and writes this machine's files without starting a process for each. */
package io.attune.pipeline.storage.local;
