/**
 * Carries alerts from the stage that raises them to those who are told of them.
 *
 * <p>In: alerts of a night. Out: what waits for delivery, in {@code alerts/<task>/outbox.json}, and
 * their form in plain text. Depends on {@code storage} alone.
 */
package io.attune.pipeline.alert;
