/** Converts Attune's records to JSON and back. */
package io.attune.schemas.json;
