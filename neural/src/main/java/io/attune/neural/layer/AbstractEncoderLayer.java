package io.attune.neural.layer;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderBackend;
import io.attune.neural.encoder.EncoderBackend.Pass;
import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Inference;
import io.attune.neural.encoder.Precision;
import io.attune.neural.nd4j.Nd4jLora;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeRecurrent;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.InputTypeUtil;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Implements what the DL4J layers for a whole encoder and for its parts have in common.
 *
 * <p>Sequences are {@code [batch, features, time]} with a mask {@code [batch, time]}, as DL4J's
 * layers have them by default; token ids are {@code [batch, time]}. Values at padding are never
 * read, and are 0 in the output. A layer whose output is a sequence passes its mask on.
 *
 * <p>DL4J's own dropout, of the input, applies to layers that take vectors. L1, L2 and weight decay
 * act on weight matrices only: with an adaptive updater they would shrink the embeddings of tokens
 * that rarely occur.
 */
abstract class AbstractEncoderLayer extends FeedForwardLayer {
  private static final long serialVersionUID = 1;

  private static final ParamInitializer INITIALIZER =
      LayoutInitializer.of(
          AbstractEncoderLayer.class, AbstractEncoderLayer::layout, AbstractEncoderLayer::seedIn);

  /** Holds the number of tokens that a memory report assumes if the layer has no limit. */
  private static final long LONGEST_REPORTED = 512;

  /** Holds {@link BackendChoice#AUTO} if the JSON is of a version without this property. */
  @JsonProperty private BackendChoice backend = BackendChoice.AUTO;

  /** Holds 1 if the JSON is of a version without this property. */
  @JsonProperty private double rateDecay = 1;

  /** Holds {@link Precision#FLOAT32} if the JSON is of a version without this property. */
  @JsonProperty private Precision precision = Precision.FLOAT32;

  /** Holds {@link Inference#AS_TRAINED} if the JSON is of a version without this property. */
  @JsonProperty private Inference inference = Inference.AS_TRAINED;

  private transient EncoderLayout layout;
  private transient DecayedRates rates;

  /** Makes an empty layer, which DL4J fills from JSON. */
  AbstractEncoderLayer() {}

  AbstractEncoderLayer(Builder<?> builder) {
    super(builder);
    backend = builder.backend;
    rateDecay = builder.rateDecay;
    precision = builder.precision;
    inference = builder.inference;
  }

  /** Returns the shape; fails if the widths are not known yet, or impossible. */
  abstract EncoderShape shape();

  /** Returns whether the input is token ids, not vectors. */
  abstract boolean takesTokens();

  /**
   * Returns the properties that make layers of one class equal, besides those of DL4J, the backend,
   * the precision and the inference.
   */
  abstract List<Object> identity();

  /** Returns the dropout of the layer itself, without DL4J's dropout of the input. */
  abstract Dropout dropout();

  /** Returns the seed of the initial parameters and of dropout. */
  abstract long seedIn(NeuralNetConfiguration configuration);

  /** Derives a seed for each layer from that of the network. */
  final long seedByName(NeuralNetConfiguration configuration) {
    return configuration.getSeed() ^ ((long) String.valueOf(layerName).hashCode() << Integer.SIZE);
  }

  /** Returns the pass that computes it where its parameters never change again. */
  final Pass frozenPass() {
    return inference == Inference.INT8 ? Pass.INT8 : Pass.FROZEN;
  }

  /** Makes what computes this layer. */
  final EncoderBackend createBackend(DataType dataType) {
    return EncoderBackends.create(id(), shape(), dataType, backend, precision);
  }

  /** Returns the layout of the parameters that DL4J knows and trains. */
  EncoderLayout trainedLayout(EncoderShape shape) {
    return EncoderLayout.of(shape);
  }

  /** Makes what turns the trained parameters into the encoder's, if they are not the same. */
  Optional<Nd4jLora> createAdaptation(DataType dataType) {
    return Optional.empty();
  }

  /** Returns how messages name the layer. */
  final String id() {
    return layerName == null ? getClass().getSimpleName() : "layer '" + layerName + "'";
  }

  /** Completes one width from the other if that is known, and fails if the layer is impossible. */
  final void completeWidths() {
    if (!takesTokens()) {
      nIn = nIn > 0 ? nIn : nOut;
      nOut = nOut > 0 ? nOut : nIn;
      require(
          nIn == nOut,
          "%s: the widths of input and output must be equal, got nIn %d and nOut %d",
          id(),
          nIn,
          nOut);
    }
    if (takesTokens() || nOut > 0) {
      checkedShape();
    }
  }

  /** Returns the shape, or fails with the layer's name in the message. */
  private EncoderShape checkedShape() {
    try {
      return shape();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(id() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray parameters,
      boolean initializeParameters,
      DataType dataType) {
    EncoderBackends.requireAvailable(id(), checkedShape(), dataType, backend, precision);
    EncoderLayerImpl running = new EncoderLayerImpl(configuration, dataType);
    running.setListeners(listeners);
    running.setIndex(layerIndex);
    running.setParamsViewArray(parameters);
    running.setParamTable(initializer().init(configuration, parameters, initializeParameters));
    running.setConf(configuration);
    return running;
  }

  @Override
  public ParamInitializer initializer() {
    return INITIALIZER;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    if (checkedShape().pools()) {
      return InputType.feedForward(nOut);
    }
    if (inputType.getType() == InputType.Type.FF) {
      return takesTokens()
          ? InputType.recurrent(nOut, inputType.arrayElementsPerExample())
          : InputType.feedForward(nOut);
    }
    return InputType.recurrent(nOut, ((InputTypeRecurrent) inputType).getTimeSeriesLength());
  }

  /**
   * Takes the width from the input if none was set. The vocabulary does not follow from the input's
   * type and is not changed.
   */
  @Override
  public void setNIn(InputType inputType, boolean override) {
    if (takesTokens()) {
      return;
    }
    long width;
    if (inputType instanceof InputTypeRecurrent sequence) {
      require(
          sequence.getFormat() == RNNFormat.NCW,
          "%s: sequences must be [batch, features, time] (NCW), got %s",
          id(),
          sequence.getFormat());
      width = sequence.getSize();
    } else {
      width = inputType.arrayElementsPerExample();
    }
    if (nIn <= 0 || override) {
      nIn = width;
    }
    completeWidths();
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    return takesTokens()
        ? null
        : InputTypeUtil.getPreprocessorForInputTypeRnnLayers(inputType, RNNFormat.NCW, layerName);
  }

  @Override
  public List<Regularization> getRegularizationByParam(String name) {
    return switch (layout().slot(name).role()) {
      case WEIGHT, DOWN, UP -> regularization;
      case BIAS -> regularizationBias;
      case EMBEDDING, GAIN -> null;
    };
  }

  @Override
  public IUpdater getUpdaterByParam(String name) {
    IUpdater updater = super.getUpdaterByParam(name);
    if (rateDecay == 1 || updater != iUpdater || !updater.hasLearningRate()) {
      return updater;
    }
    if (rates == null || !rates.isOf(iUpdater)) {
      rates = new DecayedRates(iUpdater, rateDecay);
    }
    return rates.updater(layout(), name);
  }

  /** Copies the layer; the copy does not share updaters with it. */
  @Override
  public AbstractEncoderLayer clone() {
    AbstractEncoderLayer copy = (AbstractEncoderLayer) super.clone();
    copy.rates = null;
    return copy;
  }

  /**
   * Returns the layout, which is made once for a shape: DL4J asks for it for every parameter at
   * every step of training.
   */
  final EncoderLayout layout() {
    EncoderShape shape = shape();
    if (layout == null || !layout.shape().equals(shape)) {
      layout = trainedLayout(shape);
    }
    return layout;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType inputType) {
    EncoderShape shape = shape();
    long attended = Math.min(shape.maxTokens(), LONGEST_REPORTED);
    long perToken =
        shape.width()
            + (long) shape.blocks()
                * (8L * shape.width() + 2L * shape.feedForward() + shape.heads() * attended);
    long parameters = initializer().numParams(this);
    return new LayerMemoryReport.Builder(
            layerName, getClass(), inputType, getOutputType(-1, inputType))
        .standardMemory(parameters, iUpdater == null ? 0 : iUpdater.stateSize(parameters))
        .workingMemory(0, perToken * attended, 0, 2 * perToken * attended)
        .cacheMemory(0, 0)
        .build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AbstractEncoderLayer layer
        && super.equals(other)
        && backend == layer.backend
        && rateDecay == layer.rateDecay
        && precision == layer.precision
        && inference == layer.inference
        && identity().equals(layer.identity());
  }

  @Override
  protected boolean canEqual(Object other) {
    return other != null && other.getClass() == getClass();
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), identity(), backend, rateDecay);
  }

  /** Configures what all of these layers have in common. */
  abstract static class Builder<T extends Builder<T>> extends FeedForwardLayer.Builder<T> {
    private BackendChoice backend = BackendChoice.AUTO;
    private double rateDecay = 1;

    /**
     * Sets the learning rate of a block as a fraction of that of the block above it, in (0, 1]; the
     * last block, and what follows it, have the rate of the updater, and embeddings that of a block
     * below the first.
     */
    @SuppressWarnings("unchecked") // T is the type of this.
    public T rateDecay(double value) {
      require(value > 0 && value <= 1, "rateDecay must be in (0, 1], got %s", value);
      rateDecay = value;
      return (T) this;
    }

    private Precision precision = Precision.FLOAT32;

    /**
     * Chooses the implementation of the layer's arithmetic; {@link BackendChoice#AUTO} if unset.
     */
    @SuppressWarnings("unchecked") // T is the type of this.
    public T backend(BackendChoice value) {
      backend = value;
      return (T) this;
    }

    private Inference inference = Inference.AS_TRAINED;

    /** Chooses how a frozen network computes; {@link Inference#AS_TRAINED} if unset. */
    @SuppressWarnings("unchecked") // T is the type of this.
    public T inference(Inference value) {
      inference = value;
      return (T) this;
    }

    /** Chooses the numbers that are multiplied; {@link Precision#FLOAT32} if unset. */
    @SuppressWarnings("unchecked") // T is the type of this.
    public T precision(Precision value) {
      precision = value;
      return (T) this;
    }
  }
}
