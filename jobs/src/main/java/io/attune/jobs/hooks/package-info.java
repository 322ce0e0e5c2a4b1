/**
 * Notifies others of the end of a night by commands and webhooks. Takes an event and returns
 * nothing but warnings: a hook never changes the outcome of a night. Does not depend on {@code
 * night}.
 */
package io.attune.jobs.hooks;
