/** Records who made an artefact, when, from which bytes, with which versions. */
package io.attune.pipeline.provenance;
