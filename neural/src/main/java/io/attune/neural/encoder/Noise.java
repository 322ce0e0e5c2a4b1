package io.attune.neural.encoder;

/**
 * Decides which values a training step drops: a pure function of the step's key, the dropout site
 * and the index of the value there, so that every backend drops the same values without keeping
 * masks.
 *
 * <p>Indices do not depend on padding: tokens are counted by row and by rank among the row's real
 * tokens.
 *
 * @param rates fractions of values to drop
 * @param key of the step
 */
public record Noise(Dropout rates, int key) {
  static final Noise NONE = new Noise(Dropout.NONE, 0);

  private static final int EMBEDDING = -1;
  private static final int WORD = 0;
  private static final int OUTPUT = 1;
  private static final int FIRST_BLOCK = 2;
  private static final int SITES_OF_A_BLOCK = 4;

  /**
   * Describes one dropout site: a point in the network at which values are dropped.
   *
   * @param rate fraction of values dropped; the others are multiplied by {@link #scale}
   */
  public record Site(double rate, int key) {
    public boolean active() {
      return rate > 0;
    }

    public float scale() {
      return (float) (1 / (1 - rate));
    }

    /**
     * Returns the threshold below which the hash of a value, as a signed number, means that it is
     * dropped.
     */
    public int threshold() {
      return (int) (Integer.MIN_VALUE + Math.round(rate * 0x1p32));
    }

    /** Returns the factor of a value: 0 or {@link #scale}. */
    public float factor(int index) {
      return hash(index + key) >= threshold() ? scale() : 0;
    }
  }

  /**
   * Returns the noise of one step.
   *
   * @param seed of the layer
   * @param iteration of the network
   * @param tokens hash of the batch's tokens, so that workers at the same iteration differ
   */
  public static Noise of(Dropout rates, long seed, int iteration, int tokens) {
    int key = hash((int) seed ^ hash((int) (seed >>> 32)));
    return new Noise(rates, hash(key ^ hash(iteration ^ hash(tokens))));
  }

  /** Returns the site that drops whole tokens; indexed by token. */
  public Site word() {
    return site(rates.word(), WORD);
  }

  /** Returns the site that drops values of the embedded tokens; indexed by token and column. */
  public Site embedding() {
    return site(rates.embedding(), EMBEDDING);
  }

  /** Returns the site that drops values of the pooled vector; indexed by row and column. */
  public Site output() {
    return site(rates.output(), OUTPUT);
  }

  /** Returns the site that drops attention weights; indexed by row, head, query and key. */
  public Site attention(int block) {
    return site(rates.attention(), FIRST_BLOCK + block * SITES_OF_A_BLOCK);
  }

  /**
   * Returns the site that drops values which attention adds to the residual stream; indexed by
   * token and column.
   */
  public Site afterAttention(int block) {
    return site(rates.residual(), FIRST_BLOCK + block * SITES_OF_A_BLOCK + 1);
  }

  /**
   * Returns the site that drops values between the halves of the feed-forward layer; indexed by
   * token and column.
   */
  public Site feedForward(int block) {
    return site(rates.feedForward(), FIRST_BLOCK + block * SITES_OF_A_BLOCK + 2);
  }

  /**
   * Returns the site that drops values which the feed-forward layer adds to the residual stream;
   * indexed by token and column.
   */
  public Site afterFeedForward(int block) {
    return site(rates.residual(), FIRST_BLOCK + block * SITES_OF_A_BLOCK + 3);
  }

  private Site site(double rate, int number) {
    return new Site(rate, hash(key + number * 0x9E3779B9));
  }

  /** Applies a permutation of the 32-bit numbers ("lowbias32", Wellons 2018). */
  static int hash(int value) {
    int x = value;
    x ^= x >>> 16;
    x *= 0x7FEB352D;
    x ^= x >>> 15;
    x *= 0x846CA68B;
    x ^= x >>> 16;
    return x;
  }
}
