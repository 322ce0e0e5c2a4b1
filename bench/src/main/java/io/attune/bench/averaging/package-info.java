/** Times the averaging master beside DL4J's. */
package io.attune.bench.averaging;
