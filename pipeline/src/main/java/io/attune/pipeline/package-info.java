/**
 * Runs a night as a chain of stages, each from what the one before it published to what it
 * publishes.
 *
 * <pre>
 * raw files ─ingest─▶ documents ─clean─▶ clean documents ─tokenize─▶ token ids ─shard─▶ shards + index
 *              └▶ rejects          └▶ rejects                └▶ tokenizer.json
 * shards ─train─▶ checkpoints, candidate ─evaluate─▶ predictions, evaluation ─compare─▶ verdict ─promote─▶ current model
 *                                                                  └───────────────┬───────┘
 *                                                                                report ─▶ HTML, JSON, CSV
 * clean documents ─score (current model)─▶ scores ─monitor─▶ trends, alerts
 * </pre>
 *
 * <p>This package holds what every stage receives ({@link io.attune.pipeline.StageContext}) and
 * what it returns ({@link io.attune.pipeline.StageResult}). Stages never import each other.
 */
package io.attune.pipeline;
