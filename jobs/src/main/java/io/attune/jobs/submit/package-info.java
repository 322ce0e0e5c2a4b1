/**
 * Submits a command through spark-submit: takes the command line and the environment of the
 * launcher's process, and returns the exit code of the driver. It starts neither Spark nor ND4J
 * itself, and of Attune's other packages it depends only on the failures.
 */
package io.attune.jobs.submit;
