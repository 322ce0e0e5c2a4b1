/**
 * Asks a published model in a process of its own, before it goes into use: what goes in are a
 * bundle and texts with answers that are kept of the evaluation; what comes out is whether the
 * bundle answers the same when nothing but its files is there, and how long an answer takes. May
 * use {@code bundle} and {@code storage}; no stage.
 */
package io.attune.pipeline.smoke;
