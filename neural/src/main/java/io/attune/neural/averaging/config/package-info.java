/** Configures the averaging master. Knows no YAML: names in messages are those of components. */
package io.attune.neural.averaging.config;
