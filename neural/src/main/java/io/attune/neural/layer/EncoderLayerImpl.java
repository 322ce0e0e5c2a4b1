package io.attune.neural.layer;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.encoder.Attention;
import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderBackend;
import io.attune.neural.encoder.EncoderBackend.Pass;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.TokenBatch;
import io.attune.neural.nd4j.Nd4jLora;
import java.util.Map;
import java.util.Optional;
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

/**
 * Implements an {@link AbstractEncoderLayer} in a network.
 *
 * <p>Internally a token's values are adjacent, {@code [batch, time, width]}; DL4J views the same
 * memory as {@code [batch, width, time]}, so that nothing is copied between two of these layers.
 */
public final class EncoderLayerImpl extends BaseLayer<AbstractEncoderLayer>
    implements AttendingLayer {
  private static final long serialVersionUID = 1;

  private transient EncoderShape shape;
  private transient EncoderBackend backend;
  private transient Optional<Nd4jLora> adaptation;
  private transient TokenBatch batch;
  private transient boolean frozen;

  EncoderLayerImpl(NeuralNetConfiguration configuration, DataType dataType) {
    super(configuration, dataType);
  }

  public EncoderShape shape() {
    if (shape == null) {
      shape = layerConf().shape();
    }
    return shape;
  }

  /**
   * States that the parameters never change again, so that a backend prepares them once for
   * inference.
   */
  public void freeze() {
    frozen = true;
  }

  /** Returns {@link EncoderBackend#keptBytes}; 0 before the first pass. */
  public long keptBytes() {
    return backend == null ? 0 : backend.keptBytes();
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

  /**
   * Gives low-rank adaptation the parameters that are not trained, which no configuration and no
   * trained state holds.
   *
   * @param parameters of a pretrained encoder in the layout of the shape, the pooling excepted;
   *     never changed: several networks may share them
   */
  public void adapt(INDArray parameters) {
    require(
        layerConf() instanceof EncoderStackLayer stack && stack.adapts(),
        "%s has no low-rank adaptation",
        layerConf().id());
    ((EncoderStackLayer) layerConf()).adapt(parameters);
    adaptation = null;
  }

  /**
   * Returns the parameters that the encoder computes with, in the layout of its shape: with
   * low-rank adaptation not those that are trained, but their sum with those that are not. Valid
   * until the next call of this layer.
   */
  public INDArray effectiveParameters() {
    return adaptation().map(lora -> lora.effective(paramsFlattened)).orElse(paramsFlattened);
  }

  private Optional<Nd4jLora> adaptation() {
    if (adaptation == null) {
      adaptation = layerConf().createAdaptation(dataType);
    }
    return adaptation;
  }

  private TokenBatch read(INDArray values, INDArray mask) {
    if (batch == null) {
      batch = new TokenBatch(layerConf().getLayerName(), shape().vocabulary(), shape().maxTokens());
    }
    if (shape().embeds()) {
      batch.read(values, mask);
    } else {
      batch.readVectors(isFlat(values) ? asSequence(values) : values, mask, shape().width());
    }
    return batch;
  }

  /**
   * Returns whether each row is one vector, {@code [batch, width]}, which a normalisation accepts
   * too.
   */
  private boolean isFlat(INDArray values) {
    return shape().part() == EncoderShape.Part.NORM && values.rank() == 2;
  }

  /** Reshapes {@code [batch, width]} to {@code [batch, width, 1]}. */
  private static INDArray asSequence(INDArray rows) {
    return rows.reshape('c', rows.size(0), rows.size(1), 1);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    if (!shape().embeds()) {
      applyDropOutIfNecessary(training, workspaces);
    }
    TokenBatch read = read(input, maskArray);
    INDArray output = array(ArrayType.ACTIVATIONS, workspaces, shape().pools());
    Pass inference = frozen ? layerConf().frozenPass() : Pass.INFERENCE;
    Pass pass = training ? trainingPass(read) : inference;
    backend().forward(read, pass, effectiveParameters(), output);
    return outside(output);
  }

  /**
   * Allocates an array for the current batch, {@code [batch, width]} or {@code [batch, time,
   * width]}.
   */
  private INDArray array(ArrayType type, LayerWorkspaceMgr workspaces, boolean pooled) {
    long width = shape().width();
    long[] sizes =
        pooled ? new long[] {batch.rows(), width} : new long[] {batch.rows(), batch.time(), width};
    return workspaces.createUninitialized(type, dataType, sizes, 'c');
  }

  /** Returns DL4J's view of an array of this layer. */
  private INDArray outside(INDArray array) {
    if (array.rank() == 2) {
      return array;
    }
    return isFlat(input) ? array.reshape('c', input.shape()) : array.permute(0, 2, 1);
  }

  private Pass trainingPass(TokenBatch read) {
    Dropout dropout = layerConf().dropout();
    return dropout.equals(Dropout.NONE)
        ? Pass.TRACE
        : new Pass(
            true, Noise.of(dropout, layerConf().seedIn(conf), getIterationCount(), read.hash()));
  }

  @Override
  public boolean attends() {
    return switch (shape().part()) {
      case WHOLE, ATTENTION, BLOCK, POOLING, STEM, STACK -> true;
      case EMBEDDING, NORM -> false;
    };
  }

  @Override
  public boolean pools() {
    return shape().pools();
  }

  @Override
  public Attention attention(INDArray values, INDArray mask) {
    TokenBatch read = read(values, mask);
    INDArray output =
        array(ArrayType.ACTIVATIONS, LayerWorkspaceMgr.noWorkspaces(), shape().pools());
    backend().forward(read, Pass.TRACE, effectiveParameters(), output);
    return backend().attention();
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    INDArray inputGradient = null;
    if (!shape().embeds()) {
      inputGradient = array(ArrayType.ACTIVATION_GRAD, workspaces, false);
    }
    INDArray gradient = adaptation().map(Nd4jLora::gradient).orElse(gradientsFlattened);
    backend().backward(inside(epsilon), gradient, inputGradient);
    adaptation().ifPresent(lora -> lora.project(paramsFlattened, gradientsFlattened));
    Gradient result = new DefaultGradient(gradientsFlattened);
    if (gradientViews != null) {
      for (Map.Entry<String, INDArray> view : gradientViews.entrySet()) {
        result.gradientForVariable().put(view.getKey(), view.getValue());
      }
    }
    return new Pair<>(
        result, inputGradient == null ? null : backpropDropOutIfPresent(outside(inputGradient)));
  }

  private INDArray inside(INDArray epsilon) {
    if (shape().pools()) {
      return epsilon;
    }
    return (isFlat(epsilon) ? asSequence(epsilon) : epsilon).permute(0, 2, 1);
  }

  /** Passes the mask on, except after pooling: the pooled vector has no time dimension. */
  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArray(
      INDArray mask, MaskState state, int minibatch) {
    maskArray = mask;
    maskState = state;
    return shape().pools() ? new Pair<>(null, null) : new Pair<>(mask, state);
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }
}
