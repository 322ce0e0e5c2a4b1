/** What a published artefact says of itself: manifest, provenance, label sets, model bundle. */
package io.attune.schemas.model;
