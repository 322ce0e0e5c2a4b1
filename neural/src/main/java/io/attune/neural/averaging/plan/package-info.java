/**
 * Plans which worker trains which rows in which round: pure functions of rows, seed and workers.
 */
package io.attune.neural.averaging.plan;
