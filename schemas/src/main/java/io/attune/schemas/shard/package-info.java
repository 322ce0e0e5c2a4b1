/** Shard files and the index that says what is in them; see {@code docs/formats/shards.md}. */
package io.attune.schemas.shard;
