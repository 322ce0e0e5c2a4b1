/** Records which version of Attune works below a root, and refuses older ones. */
package io.attune.jobs.root;
