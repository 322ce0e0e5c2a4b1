/**
 * Defines the formats that stages, jobs and readers share: tables, shards, model bundles and
 * reports, each with its version. Depends on no other module; every other module may depend on it.
 */
package io.attune.schemas;
