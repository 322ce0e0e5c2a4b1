/** Measures how fast a published model reads documents on Spark, and in how much memory. */
package io.attune.bench.score;
