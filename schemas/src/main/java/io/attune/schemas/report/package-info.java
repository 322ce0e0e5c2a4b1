/**
 * Defines the results of evaluation, comparison and report as records with one JSON form, which
 * {@code docs/formats/report.md} and the JSON Schema in this package document.
 */
package io.attune.schemas.report;
