/** Defines shard files and their index; see {@code docs/formats/shards.md}. */
package io.attune.schemas.shard;
