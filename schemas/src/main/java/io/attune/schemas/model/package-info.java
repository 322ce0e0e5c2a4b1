/** Describes published artefacts: manifest, provenance, label sets, model bundle. */
package io.attune.schemas.model;
