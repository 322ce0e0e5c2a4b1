package io.attune.neural.layer;

import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.TokenBatch;
import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.recurrent.BidirectionalLayer;
import org.deeplearning4j.nn.params.BidirectionalParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Implements a {@link MaskedBidirectional} in a network. */
final class MaskedBidirectionalImpl extends BidirectionalLayer {
  private static final long serialVersionUID = 1;

  private final Layer forwards;
  private final Layer backwards;
  private transient INDArray values;
  private transient INDArray mask;
  private transient TokenBatch batch;

  MaskedBidirectionalImpl(
      NeuralNetConfiguration configuration, Layer forwards, Layer backwards, INDArray parameters) {
    super(configuration, forwards, backwards, parameters);
    this.forwards = forwards;
    this.backwards = backwards;
  }

  /**
   * Keeps the input; {@link #activate}, when the mask is known, gives each direction its own order
   * of it.
   */
  @Override
  public void setInput(INDArray input, LayerWorkspaceMgr workspaces) {
    values = workspaces.leverageTo(ArrayType.INPUT, input);
  }

  @Override
  public INDArray input() {
    return values;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    if (batch == null) {
      String name = conf().getLayer().getLayerName();
      batch = new TokenBatch(name, 0, EncoderShape.ANY_LENGTH);
    }
    batch.readVectors(values, mask, (int) values.size(1));
    // The inputs must last until the backward pass.
    MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
    try {
      forwards.setInput(arranged(values, order(false)), workspaces);
      backwards.setInput(arranged(values, order(true)), workspaces);
    } finally {
      outside.close();
    }
    INDArray one = forwards.activate(training, workspaces);
    INDArray other = backwards.activate(training, workspaces);
    return workspaces.dup(
        ArrayType.ACTIVATIONS,
        Nd4j.concat(1, arranged(one, inverseOrder(false)), arranged(other, inverseOrder(true))));
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    long width = epsilon.size(1) / 2;
    Gradient gradient = new DefaultGradient(getGradientsViewArray());
    INDArray one = half(epsilon, 0, width);
    INDArray other = half(epsilon, width, 2 * width);
    Pair<Gradient, INDArray> forward =
        forwards.backpropGradient(arranged(one, order(false)), workspaces);
    Pair<Gradient, INDArray> backward =
        backwards.backpropGradient(arranged(other, order(true)), workspaces);
    forward
        .getFirst()
        .gradientForVariable()
        .forEach(
            (name, value) ->
                put(gradient, BidirectionalParamInitializer.FORWARD_PREFIX + name, value));
    backward
        .getFirst()
        .gradientForVariable()
        .forEach(
            (name, value) ->
                put(gradient, BidirectionalParamInitializer.BACKWARD_PREFIX + name, value));
    INDArray sum =
        arranged(forward.getSecond(), inverseOrder(false))
            .addi(arranged(backward.getSecond(), inverseOrder(true)));
    return new Pair<>(gradient, workspaces.dup(ArrayType.ACTIVATION_GRAD, sum));
  }

  private static void put(Gradient gradient, String name, INDArray value) {
    gradient.gradientForVariable().put(name, value);
  }

  private static INDArray half(INDArray epsilon, long from, long to) {
    return epsilon.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to), NDArrayIndex.all());
  }

  /**
   * Returns the cell of the token at each position of a direction: real tokens in its order come
   * first.
   */
  private int[] order(boolean reversed) {
    int[] from = paddingIndices();
    for (int row = 0; row < batch.rows(); row++) {
      for (int rank = 0; rank < batch.length(row); rank++) {
        from[row * batch.time() + rank] = cell(row, reversed ? batch.length(row) - 1 - rank : rank);
      }
    }
    return from;
  }

  /**
   * Returns the position in a direction of the token in each cell: the inverse of {@link #order}.
   */
  private int[] inverseOrder(boolean reversed) {
    int[] from = paddingIndices();
    for (int row = 0; row < batch.rows(); row++) {
      for (int rank = 0; rank < batch.length(row); rank++) {
        int position = reversed ? batch.length(row) - 1 - rank : rank;
        from[cell(row, rank)] = row * batch.time() + position;
      }
    }
    return from;
  }

  private int cell(int row, int rank) {
    return row * batch.time() + batch.columns()[batch.start(row) + rank];
  }

  /** Returns the index of the row of zeros behind all cells, for every cell. */
  private int[] paddingIndices() {
    int[] from = new int[batch.rows() * batch.time()];
    Arrays.fill(from, from.length);
    return from;
  }

  /** Permutes the cells of {@code [batch, width, time]}. */
  private static INDArray arranged(INDArray sequence, int[] from) {
    long rows = sequence.size(0);
    long width = sequence.size(1);
    long time = sequence.size(2);
    INDArray cells = sequence.permute(0, 2, 1).dup('c').reshape('c', rows * time, width);
    INDArray all = Nd4j.concat(0, cells, Nd4j.zeros(sequence.dataType(), 1, width));
    return Nd4j.pullRows(all, 1, from).reshape('c', rows, time, width).permute(0, 2, 1).dup('f');
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArray(
      INDArray maskArray, MaskState state, int minibatch) {
    mask = maskArray;
    return new Pair<>(maskArray, state);
  }

  @Override
  public void setMaskArray(INDArray maskArray) {
    mask = maskArray;
  }

  @Override
  public INDArray getMaskArray() {
    return mask;
  }

  @Override
  public void clear() {
    super.clear();
    values = null;
    mask = null;
  }
}
