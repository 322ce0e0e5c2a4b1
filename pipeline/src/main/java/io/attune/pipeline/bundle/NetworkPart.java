package io.attune.pipeline.bundle;

import io.attune.neural.encoder.InferenceBatches;
import io.attune.neural.encoder.TokenInput;
import io.attune.neural.network.Introspection;
import io.attune.pipeline.text.SubwordTokenizer;
import io.attune.pipeline.text.TextRows;
import io.attune.schemas.report.Evaluation.AttendedSpan;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Predicts with the network of a model, or with the mean of its networks. Safe for use by several
 * threads.
 */
final class NetworkPart {
  private final TextRows reader;
  private final int heads;
  private final List<NetworkPool> networks;

  NetworkPart(ModelFiles files) {
    reader =
        new TextRows(SubwordTokenizer.of(files.tokenizer()), files.maxTokens(), files.longTexts());
    heads = files.labels().heads().size();
    networks = files.parts().networks().stream().map(NetworkPool::new).toList();
  }

  /**
   * Returns the probability of every class: the mean over the networks, and over the windows of a
   * text that is read in several.
   *
   * @param texts any strings
   * @return {@code [text][head][class]}, in the order of the texts and of the label sets
   */
  float[][][] probabilities(List<String> texts) {
    List<List<int[]>> ids = texts.stream().map(text -> reader.ids(text).rows()).toList();
    float[][][] answers = new float[ids.stream().mapToInt(List::size).sum()][heads][];
    inBatches(
        ids.stream().flatMap(List::stream).toList(),
        (rows, input) -> {
          List<float[][][]> byNetwork = each(network -> outputs(network, input));
          for (int row = 0; row < rows.size(); row++) {
            for (int head = 0; head < heads; head++) {
              int ofRow = row;
              int ofHead = head;
              answers[rows.get(row)][head] =
                  mean(byNetwork.stream().map(outputs -> outputs[ofHead][ofRow]).toList());
            }
          }
        });
    float[][][] byText = new float[texts.size()][heads][];
    int read = 0;
    for (int text = 0; text < byText.length; text++) {
      int rows = ids.get(text).size();
      List<float[][]> ofText = Arrays.asList(answers).subList(read, read + rows);
      read += rows;
      for (int head = 0; head < heads; head++) {
        int ofHead = head;
        byText[text][head] = mean(ofText.stream().map(answer -> answer[ofHead]).toList());
      }
    }
    return byText;
  }

  /**
   * Returns the attention that the words of each text received, the mean over the networks.
   *
   * @return for each text the attention that each of its words received, in the order of the text;
   *     Chinese by token. The weights of a text sum to at most 1
   */
  List<List<AttendedSpan>> attention(List<String> texts) {
    WindowedTexts windowed = WindowedTexts.of(texts, reader);
    float[][] attention = new float[windowed.windows().size()][];
    inBatches(
        windowed.ids(),
        (rows, input) -> {
          List<float[][]> byNetwork =
              each(
                  network ->
                      Introspection.attention(network, input.tokens(), input.mask()).pooling());
          for (int row = 0; row < rows.size(); row++) {
            int ofRow = row;
            attention[rows.get(row)] =
                mean(byNetwork.stream().map(pooling -> pooling[ofRow]).toList());
          }
        });
    return IntStream.range(0, texts.size())
        .mapToObj(text -> windowed.spans(texts.get(text), text, Arrays.asList(attention)))
        .toList();
  }

  private <T> List<T> each(Function<ComputationGraph, T> work) {
    return networks.stream().map(pool -> pool.with(work)).toList();
  }

  /** Returns the mean of vectors of equal length; a single one to the bit. */
  private static float[] mean(List<float[]> vectors) {
    float[] mean = new float[vectors.get(0).length];
    for (int i = 0; i < mean.length; i++) {
      double sum = 0;
      for (float[] vector : vectors) {
        sum += vector[i];
      }
      mean[i] = (float) (sum / vectors.size());
    }
    return mean;
  }

  private static float[][][] outputs(ComputationGraph network, TokenInput input) {
    INDArray[] outputs =
        network.output(false, new INDArray[] {input.tokens()}, new INDArray[] {input.mask()});
    return Arrays.stream(outputs).map(INDArray::toFloatMatrix).toArray(float[][][]::new);
  }

  /** Calls {@code work} with the indices of rows of nearly equal length and their input. */
  private static void inBatches(List<int[]> ids, BiConsumer<List<Integer>, TokenInput> work) {
    int[] lengths = ids.stream().mapToInt(row -> row.length).toArray();
    for (List<Integer> batch : InferenceBatches.of(lengths)) {
      work.accept(batch, TokenInput.of(batch.stream().map(ids::get).toList()));
    }
  }
}
