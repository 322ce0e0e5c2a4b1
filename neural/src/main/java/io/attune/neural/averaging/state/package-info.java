/** Holds what a training carries from round to round, and what it reports of a round. */
package io.attune.neural.averaging.state;
