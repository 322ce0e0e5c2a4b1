/**
 * What evaluation, comparison and report say, as records with one JSON form; {@code
 * docs/formats/report.md} and the JSON Schema beside these classes publish it.
 */
package io.attune.schemas.report;
