package io.attune.neural.layer;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderBackend;
import io.attune.neural.encoder.EncoderLayout.Role;
import io.attune.neural.ngram.NgramLayout;
import io.attune.neural.ngram.NgramShape;
import io.attune.neural.optim.LazyAdam;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Maps token ids to one vector for each row without looking further than the next tokens: the
 * vector of a position is the sum of those of its token and of the n-grams that start there, whose
 * rows in a table are found by hashing (Bojanowski et al. 2017, 3.2); a row's vectors are pooled by
 * their mean, their maximum and {@code queries} learned queries of additive attention (Yang et al.
 * 2016, 2.2), side by side.
 *
 * <p>Input: {@code [batch, time]} token ids, whole numbers in {@code [0, nIn)} in an array of any
 * type; feature mask {@code [batch, time]}, 1 for a real token and 0 for padding, or none if every
 * token is real. Output: {@code [batch, (2 + queries) * width]}; no mask. Values at padding are
 * never read. The output of a row without a real token is zeros and has no gradient. The layer must
 * be the first one: it has no gradient for its input.
 *
 * <p>In training, whole positions, values of the positions' vectors and values of the pooled vector
 * are dropped; which ones depends on the layer's seed, the iteration and the tokens of the batch.
 * L1, L2 and weight decay act on weight matrices only, not on the tables.
 *
 * <p>A call fails with an {@code IllegalArgumentException} that names the layer, the shapes and the
 * rule if the mask differs in shape from the tokens, a row is longer than {@code maxTokens}, or a
 * real token is not an id of the vocabulary.
 */
public final class NgramAttentionLayer extends FeedForwardLayer {
  private static final long serialVersionUID = 1;

  private static final ParamInitializer INITIALIZER =
      LayoutInitializer.of(
          NgramAttentionLayer.class, NgramAttentionLayer::layout, (layer, in) -> layer.seed);

  @JsonProperty private int maxTokens;
  @JsonProperty private int longest;
  @JsonProperty private int buckets;
  @JsonProperty private int width;
  @JsonProperty private int queries;
  @JsonProperty private double wordDropout;
  @JsonProperty private double embeddingDropout;
  @JsonProperty private double outputDropout;
  @JsonProperty private long seed;
  @JsonProperty private BackendChoice backend;

  /** Updates the tables; null for the updater of the other parameters. */
  @JsonProperty private IUpdater tableUpdater;

  private transient NgramLayout layout;

  /** Makes an empty layer, which DL4J fills from JSON. */
  NgramAttentionLayer() {}

  private NgramAttentionLayer(Builder builder) {
    super(builder);
    maxTokens = builder.shape.maxTokens();
    longest = builder.shape.longest();
    buckets = builder.shape.buckets();
    width = builder.shape.width();
    queries = builder.shape.queries();
    wordDropout = builder.dropout.word();
    embeddingDropout = builder.dropout.embedding();
    outputDropout = builder.dropout.output();
    seed = builder.seed;
    backend = builder.backend;
    tableUpdater = builder.tableUpdater;
  }

  NgramShape shape() {
    return new NgramShape(Math.toIntExact(nIn), maxTokens, longest, buckets, width, queries);
  }

  Dropout dropout() {
    return Dropout.builder()
        .word(wordDropout)
        .embedding(embeddingDropout)
        .output(outputDropout)
        .build();
  }

  long seed() {
    return seed;
  }

  /** Returns how messages name the layer. */
  String id() {
    return layerName == null ? getClass().getSimpleName() : "layer '" + layerName + "'";
  }

  /** Makes what computes this layer. */
  EncoderBackend createBackend(DataType dataType) {
    return EncoderBackends.create(
        id(), shape(), dataType, backend, tableUpdater instanceof LazyAdam);
  }

  /** Returns the layout, which is made once: DL4J asks for it at every step of training. */
  NgramLayout layout() {
    if (layout == null) {
      layout = NgramLayout.of(shape());
    }
    return layout;
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray parameters,
      boolean initializeParameters,
      DataType dataType) {
    EncoderBackends.requireAvailable(id(), shape(), dataType, backend);
    NgramAttentionLayerImpl running = new NgramAttentionLayerImpl(configuration, dataType);
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
    return InputType.feedForward(nOut);
  }

  /** Changes nothing: the vocabulary does not follow from the input's type. */
  @Override
  public void setNIn(InputType inputType, boolean override) {}

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    return null;
  }

  @Override
  public List<Regularization> getRegularizationByParam(String name) {
    return switch (layout().slot(name).role()) {
      case WEIGHT -> regularization;
      case BIAS -> regularizationBias;
      default -> null;
    };
  }

  @Override
  public IUpdater getUpdaterByParam(String name) {
    return tableUpdater != null && layout().slot(name).role() == Role.EMBEDDING
        ? tableUpdater
        : super.getUpdaterByParam(name);
  }

  /** Copies the layer; the copy does not share updaters with it. */
  @Override
  public NgramAttentionLayer clone() {
    NgramAttentionLayer copy = (NgramAttentionLayer) super.clone();
    copy.tableUpdater = tableUpdater == null ? null : tableUpdater.clone();
    return copy;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType inputType) {
    long parameters = initializer().numParams(this);
    long perToken = (long) width * (4 + longest) + queries;
    long working = perToken * maxTokens;
    return new LayerMemoryReport.Builder(
            layerName, getClass(), inputType, getOutputType(-1, inputType))
        .standardMemory(parameters, iUpdater == null ? 0 : iUpdater.stateSize(parameters))
        .workingMemory(0, working, 0, 2 * working)
        .cacheMemory(0, 0)
        .build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NgramAttentionLayer layer
        && super.equals(other)
        && shape().equals(layer.shape())
        && dropout().equals(layer.dropout())
        && seed == layer.seed
        && backend == layer.backend
        && Objects.equals(tableUpdater, layer.tableUpdater);
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof NgramAttentionLayer;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), shape(), dropout(), seed, backend);
  }

  /** Builds the layer; {@code nIn} and {@code nOut} follow from the shape. */
  @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build().
  public static final class Builder extends FeedForwardLayer.Builder<Builder> {
    private final NgramShape shape;
    private Dropout dropout = Dropout.NONE;
    private long seed;
    private BackendChoice backend = BackendChoice.AUTO;
    private IUpdater tableUpdater;

    public Builder(NgramShape shape) {
      this.shape = shape;
      nIn(shape.vocabulary());
      nOut(shape.pooledWidth());
    }

    /**
     * Sets what is dropped in training: whole positions ({@code word}), values of their vectors
     * ({@code embedding}) and of the pooled vector ({@code output}).
     */
    public Builder dropout(Dropout value) {
      dropout = value;
      return this;
    }

    /** Sets the seed of the initial parameters and of dropout. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** Chooses the implementation of the arithmetic; {@link BackendChoice#AUTO} if unset. */
    public Builder backend(BackendChoice value) {
      backend = value;
      return this;
    }

    /**
     * Sets the updater of the tables, such as {@link LazyAdam} with rows of the width; that of the
     * other parameters if unset.
     */
    public Builder tableUpdater(IUpdater value) {
      if (value instanceof LazyAdam lazy) {
        require(
            lazy.rowLength() == shape.width(),
            "the rows of the tables have %d values, got LazyAdam for rows of %d",
            shape.width(),
            lazy.rowLength());
      }
      tableUpdater = value;
      return this;
    }

    @Override
    public NgramAttentionLayer build() {
      return new NgramAttentionLayer(this);
    }
  }
}
