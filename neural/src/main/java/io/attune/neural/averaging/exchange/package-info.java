/** Moves parameters between driver and workers, and averages them. Internal to this module. */
package io.attune.neural.averaging.exchange;
