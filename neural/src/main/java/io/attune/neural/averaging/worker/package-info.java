/** Trains a replica of the network in a Spark task. Internal to this module. */
package io.attune.neural.averaging.worker;
