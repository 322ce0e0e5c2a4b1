/** Defines the exceptions whose messages say what their reader can do. */
package io.attune.schemas.failure;
