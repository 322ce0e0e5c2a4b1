/**
 * Writes a published model as a folder that other libraries read.
 *
 * <p>In: a model bundle whose network was tuned from a pretrained encoder. Out: a folder of Hugging
 * Face's form, with {@code model.safetensors} or {@code model.onnx} ({@code
 * docs/formats/export.md}). It may use {@code bundle}, {@code encoder}, {@code storage} and {@code
 * provenance}.
 */
package io.attune.pipeline.export;
