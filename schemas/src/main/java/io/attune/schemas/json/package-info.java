/** The one way in which Attune's records become JSON and come back. */
package io.attune.schemas.json;
