/** Replays the surge search over the days of dated corpora, as if each had been a night. */
package io.attune.bench.replay;
