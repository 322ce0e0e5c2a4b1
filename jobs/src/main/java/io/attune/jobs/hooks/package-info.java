/**
 * Telling others how a night ended: commands and webhooks. In goes an event, out comes nothing but
 * warnings: whatever a hook does, the night stays what it was. Depends on nothing of the night.
 */
package io.attune.jobs.hooks;
