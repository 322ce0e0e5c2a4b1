/**
 * Tells how an XML file is built that nothing is known about: which elements are its records, and
 * which columns these have.
 *
 * <p>In: the start of a file, as text. Out: names. Depends on nothing of Attune.
 */
package io.attune.pipeline.input.xml;
