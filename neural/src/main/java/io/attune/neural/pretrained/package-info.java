/**
 * Reads pretrained encoders of the BERT family from the files that Hugging Face, sentence-
 * transformers and ONNX exports have, and writes them back.
 *
 * <p>{@link io.attune.neural.pretrained.EncoderFolder} takes {@link
 * io.attune.neural.pretrained.EncoderFiles}, which may lie in a folder, a jar or anywhere else, and
 * gives a {@link io.attune.neural.pretrained.PretrainedEncoder}: a shape and the parameters in the
 * order of {@link io.attune.neural.encoder.EncoderLayout}. Every file is taken to be hostile: sizes
 * are checked before memory is taken. Depends on {@code encoder} and {@code schemas} only.
 */
package io.attune.neural.pretrained;
