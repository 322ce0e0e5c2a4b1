/** Measures how many planted copies the stage {@code clean} finds, and how long it takes. */
package io.attune.bench.copies;
