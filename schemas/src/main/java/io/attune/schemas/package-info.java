/**
 * What stages, jobs and readers agree on: tables, shards, model bundles and reports, each with its
 * version. Depends on nothing of Attune; everything else may depend on it.
 */
package io.attune.schemas;
