package io.attune.neural.network;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Inference;
import io.attune.neural.encoder.LoraConfig;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.PoolingChoice;
import io.attune.neural.encoder.Positions;
import io.attune.neural.encoder.Precision;
import java.util.Map;

/**
 * Configures the network: the group {@code model} of a task's configuration.
 *
 * <p>With an encoder, layers, heads, widths, norm, activation and positions are those of the
 * encoder, whatever they say here.
 *
 * @param encoder pretrained encoder that the network starts from: {@code auto}, a name, a folder or
 *     a URI; {@code none} or empty for a network with a vocabulary of its own
 * @param tune which parts of the encoder are trained
 * @param tuneLayers last blocks of the encoder that {@link Tune#TOP} trains
 * @param lora what {@link Tune#LORA} trains
 * @param layers attention blocks, or LSTMs, one after the other; {@link Kind#ATTENTION_POOLING} has
 *     none, whatever this says
 * @param heads attention heads of a block, or learned queries of {@link Kind#NGRAM_ATTENTION}; must
 *     divide {@code width}
 * @param width of the vector of a token, of every block and of the pooled vector; even for {@link
 *     Kind#LSTM_ATTENTION}, whose two directions share it
 * @param feedForward width between the two halves of a transformer's feed-forward layer
 * @param ngrams of {@link Kind#NGRAM_ATTENTION}
 * @param l2 weight of half the sum of squares of all weight matrices in the loss; embeddings,
 *     biases and gains are not included
 * @param labelSmoothing fraction of each label's probability spread evenly over the head's classes
 * @param classWeights weight of a row in the loss, by head and class; 1 for those not named
 * @param balanceClasses whether the classes of a head that {@code classWeights} does not name have
 *     equal weight, whatever their number of rows
 * @param distil teacher that the network learns from; with one, {@code kind} is the student's
 * @param linear whether a linear part stands beside the network; {@link Kind#LINEAR} is one
 * @param backend implementation of the encoder's arithmetic
 * @param precision numbers that the encoder multiplies
 * @param inference how a published model computes the encoder
 */
public record ModelConfig(
    String encoder,
    Tune tune,
    int tuneLayers,
    LoraConfig lora,
    Kind kind,
    int layers,
    int heads,
    int width,
    int feedForward,
    Norm norm,
    FeedForwardActivation activation,
    Positions positions,
    PoolingChoice pooling,
    Dropout dropout,
    NgramConfig ngrams,
    double l2,
    double labelSmoothing,
    Map<String, Map<String, Double>> classWeights,
    boolean balanceClasses,
    DistilConfig distil,
    boolean linear,
    BackendChoice backend,
    Precision precision,
    Inference inference) {
  /** Selects what is between the embedding of the tokens and the pooling. */
  public enum Kind {
    /**
     * Pools the embeddings of tokens and of hashed n-grams by their mean, their maximum and learned
     * queries; has no blocks, positions or choice of pooling.
     */
    NGRAM_ATTENTION,
    /** Pools the embeddings themselves, weighted by attention. */
    ATTENTION_POOLING,
    /**
     * Uses LSTMs that read in both directions (Graves & Schmidhuber 2005). They represent the order
     * of tokens by themselves: the setting of positions is ignored, and dropout applies only to
     * words and to the output.
     */
    LSTM_ATTENTION,
    /** Uses blocks of multi-head self-attention. */
    SELF_ATTENTION,
    /** Uses blocks of multi-head self-attention and a feed-forward layer. */
    TRANSFORMER,
    /** Uses no network: n-grams and logistic regression alone. */
    LINEAR
  }

  /**
   * Selects which blocks of a pretrained encoder are trained; the embeddings never are, and label
   * heads always are.
   */
  public enum Tune {
    /** Trains the pooling and the heads alone. */
    FROZEN,
    /** Trains the last blocks. */
    TOP,
    /** Trains low-rank factors beside matrices of all blocks, which stay as they are. */
    LORA,
    /** Trains all blocks. */
    FULL,
    /** Trains as many as fit the time that the training may take; never {@link #LORA}. */
    AUTO
  }

  public ModelConfig {
    require(encoder != null, "encoder must be auto, none, a name, a folder or a URI");
    require(tuneLayers >= 1, "tune-layers must be at least 1, got %d", tuneLayers);
    require(lora != null, "lora must give rank, alpha and matrices");
    require(layers >= 1 && layers <= 48, "layers must be in [1, 48], got %d", layers);
    require(width >= 1 && width <= 8192, "width must be in [1, 8192], got %d", width);
    require(heads >= 1, "heads must be at least 1, got %d", heads);
    require(width % heads == 0, "heads must divide width, got %d heads and width %d", heads, width);
    require(
        kind != Kind.LSTM_ATTENTION || width % 2 == 0,
        "width must be even for kind lstm-attention, got %d",
        width);
    require(ngrams != null, "ngrams must give longest and buckets");
    require(feedForward >= 1, "feed-forward must be at least 1, got %d", feedForward);
    require(l2 >= 0 && l2 < 1, "l2 must be in [0, 1), got %s", l2);
    require(
        labelSmoothing >= 0 && labelSmoothing < 1,
        "label-smoothing must be in [0, 1), got %s",
        labelSmoothing);
    classWeights = ClassWeights.checked(classWeights);
    DistilConfig.requireFits(distil, kind);
  }

  /** Returns whether the model has a linear part, beside a network or alone. */
  public boolean hasLinearPart() {
    return linear || kind == Kind.LINEAR;
  }

  /** Returns the number of attention blocks of a network of this configuration's own shape. */
  public int blocks() {
    return switch (kind) {
      case NGRAM_ATTENTION, ATTENTION_POOLING, LSTM_ATTENTION, LINEAR -> 0;
      case SELF_ATTENTION, TRANSFORMER -> layers;
    };
  }

  /**
   * Starts from one layer with 4 heads and width 64 (feed-forward 128), pre-norm, GELU, learned
   * positions and attention pooling, without an encoder, dropout, regularisation, class weights and
   * linear part.
   */
  public static Builder builder(Kind kind) {
    return new Builder(kind);
  }

  /** Collects what differs from the defaults of {@link #builder}. */
  public static final class Builder {
    private final Kind kind;
    private String encoder = "";
    private Tune tune = Tune.AUTO;
    private int tuneLayers = 2;
    private LoraConfig lora = LoraConfig.DEFAULT;
    private int layers = 1;
    private int heads = 4;
    private int width = 64;
    private int feedForward = 128;
    private Norm norm = Norm.PRE;
    private FeedForwardActivation activation = FeedForwardActivation.GELU;
    private Positions positions = Positions.LEARNED;
    private PoolingChoice pooling = PoolingChoice.AUTO;
    private Dropout dropout = Dropout.NONE;
    private NgramConfig ngrams = NgramConfig.DEFAULT;
    private double l2;
    private double labelSmoothing;
    private Map<String, Map<String, Double>> classWeights = Map.of();
    private boolean balanceClasses;
    private DistilConfig distil = DistilConfig.OFF;
    private boolean linear;
    private BackendChoice backend = BackendChoice.AUTO;
    private Precision precision = Precision.FLOAT32;
    private Inference inference = Inference.AS_TRAINED;

    private Builder(Kind kind) {
      this.kind = kind;
    }

    /**
     * Starts from a pretrained encoder.
     *
     * @param value a name, a folder or a URI
     */
    public Builder encoder(String value) {
      encoder = value;
      return this;
    }

    public Builder tune(Tune value) {
      tune = value;
      return this;
    }

    public Builder tuneLayers(int value) {
      tuneLayers = value;
      return this;
    }

    public Builder lora(LoraConfig value) {
      lora = value;
      return this;
    }

    public Builder layers(int value) {
      layers = value;
      return this;
    }

    public Builder heads(int value) {
      heads = value;
      return this;
    }

    public Builder width(int value) {
      width = value;
      return this;
    }

    public Builder feedForward(int value) {
      feedForward = value;
      return this;
    }

    public Builder norm(Norm value) {
      norm = value;
      return this;
    }

    public Builder activation(FeedForwardActivation value) {
      activation = value;
      return this;
    }

    public Builder positions(Positions value) {
      positions = value;
      return this;
    }

    public Builder pooling(Pooling value) {
      pooling = PoolingChoice.of(value);
      return this;
    }

    public Builder dropout(Dropout value) {
      dropout = value;
      return this;
    }

    public Builder ngrams(NgramConfig value) {
      ngrams = value;
      return this;
    }

    public Builder l2(double value) {
      l2 = value;
      return this;
    }

    public Builder labelSmoothing(double value) {
      labelSmoothing = value;
      return this;
    }

    public Builder classWeights(Map<String, Map<String, Double>> value) {
      classWeights = value;
      return this;
    }

    /** Gives the classes of heads without class weights equal weight. */
    public Builder balanceClasses() {
      balanceClasses = true;
      return this;
    }

    public Builder distil(DistilConfig value) {
      distil = value;
      return this;
    }

    /** Puts a linear part beside the network. */
    public Builder linear() {
      linear = true;
      return this;
    }

    public Builder backend(BackendChoice value) {
      backend = value;
      return this;
    }

    public Builder precision(Precision value) {
      precision = value;
      return this;
    }

    public Builder inference(Inference value) {
      inference = value;
      return this;
    }

    /** Makes the configuration; refuses what {@link ModelConfig} refuses. */
    public ModelConfig build() {
      return new ModelConfig(
          encoder,
          tune,
          tuneLayers,
          lora,
          kind,
          layers,
          heads,
          width,
          feedForward,
          norm,
          activation,
          positions,
          pooling,
          dropout,
          ngrams,
          l2,
          labelSmoothing,
          classWeights,
          balanceClasses,
          distil,
          linear,
          backend,
          precision,
          inference);
    }
  }
}
