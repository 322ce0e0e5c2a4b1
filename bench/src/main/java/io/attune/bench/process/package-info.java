/** Other JVMs that benchmarks start, so that each contender has one of its own. */
package io.attune.bench.process;
