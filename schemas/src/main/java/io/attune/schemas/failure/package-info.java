/** The one family of exceptions: what went wrong in terms of what its reader can do about it. */
package io.attune.schemas.failure;
