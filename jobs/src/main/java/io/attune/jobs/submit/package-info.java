/**
 * Submits a command through spark-submit: takes the words of the command line and the environment
 * of the launcher's process, and gives the exit code of the driver. It starts no Spark and no ND4J
 * of its own, and depends on nothing of Attune's but its failures.
 */
package io.attune.jobs.submit;
