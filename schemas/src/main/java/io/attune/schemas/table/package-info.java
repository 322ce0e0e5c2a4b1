/**
 * Defines the columns and types of each table, versioned: what a stage may rely on and must
 * deliver.
 */
package io.attune.schemas.table;
