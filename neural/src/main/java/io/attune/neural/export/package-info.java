/**
 * Writes a network that was tuned from a pretrained encoder in forms that other libraries read: the
 * weights and configuration of Hugging Face's BERT, and ONNX.
 *
 * <p>In: a network with a whole encoder of BERT's form and one softmax layer for each label head.
 * Out: files for {@code PyTorch} and for ONNX Runtime that compute the same probabilities in
 * floats. It may use {@code layer}, {@code network}, {@code pretrained} and {@code encoder}.
 */
package io.attune.neural.export;
