/**
 * Finds copies and corrections among documents.
 *
 * <p>In: the documents of a night with normalised texts, and the tables of earlier nights. Out: the
 * same documents, each with the reason if it is not to be used, else with its cluster and what it
 * replaces. Depends on {@code storage}, {@code text}, {@code failure} and {@code schemas}; on no
 * stage.
 */
package io.attune.pipeline.copies;
