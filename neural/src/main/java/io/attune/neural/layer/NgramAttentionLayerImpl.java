package io.attune.neural.layer;

import io.attune.neural.encoder.Attention;
import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderBackend;
import io.attune.neural.encoder.EncoderBackend.Pass;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.TokenBatch;
import io.attune.neural.ngram.NgramShape;
import java.util.Map;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Implements a {@link NgramAttentionLayer} in a network. */
final class NgramAttentionLayerImpl extends BaseLayer<NgramAttentionLayer>
    implements AttendingLayer {
  private static final long serialVersionUID = 1;

  private transient EncoderBackend backend;
  private transient TokenBatch batch;

  NgramAttentionLayerImpl(NeuralNetConfiguration configuration, DataType dataType) {
    super(configuration, dataType);
  }

  private EncoderBackend backend() {
    if (backend == null) {
      // Its memory outlives the workspace of this call.
      MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
      try {
        backend = layerConf().createBackend(dataType);
      } finally {
        outside.close();
      }
    }
    return backend;
  }

  private TokenBatch read(INDArray tokens, INDArray mask) {
    if (batch == null) {
      NgramShape shape = layerConf().shape();
      batch = new TokenBatch(layerConf().getLayerName(), shape.vocabulary(), shape.maxTokens());
    }
    batch.read(tokens, mask);
    return batch;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    TokenBatch read = read(input, maskArray);
    INDArray output = output(workspaces);
    Pass pass = training ? trainingPass(read) : Pass.INFERENCE;
    backend().forward(read, pass, paramsFlattened, output);
    return output;
  }

  private INDArray output(LayerWorkspaceMgr workspaces) {
    long[] sizes = {batch.rows(), layerConf().getNOut()};
    return workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, sizes, 'c');
  }

  private Pass trainingPass(TokenBatch read) {
    Dropout dropout = layerConf().dropout();
    return dropout.equals(Dropout.NONE)
        ? Pass.TRACE
        : new Pass(true, Noise.of(dropout, layerConf().seed(), getIterationCount(), read.hash()));
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    backend().backward(epsilon, gradientsFlattened);
    Gradient result = new DefaultGradient(gradientsFlattened);
    if (gradientViews != null) {
      for (Map.Entry<String, INDArray> view : gradientViews.entrySet()) {
        result.gradientForVariable().put(view.getKey(), view.getValue());
      }
    }
    return new Pair<>(result, null);
  }

  @Override
  public Attention attention(INDArray tokens, INDArray mask) {
    TokenBatch read = read(tokens, mask);
    INDArray output = output(LayerWorkspaceMgr.noWorkspaces());
    backend().forward(read, Pass.TRACE, paramsFlattened, output);
    return backend().attention();
  }

  @Override
  public boolean attends() {
    return true;
  }

  @Override
  public boolean pools() {
    return true;
  }

  /** Passes no mask on: the pooled vector has no time dimension. */
  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArray(
      INDArray mask, MaskState state, int minibatch) {
    maskArray = mask;
    maskState = state;
    return new Pair<>(null, null);
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }
}
