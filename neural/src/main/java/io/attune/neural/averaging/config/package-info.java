/** Says how the averaging master trains; nothing here refers to Spark. */
package io.attune.neural.averaging.config;
