package io.attune.neural.encoder;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Provides memory to the blocks of an encoder. Where a backward pass needs the values of every
 * block each has memory of its own; otherwise all blocks share one, so that a deep encoder needs no
 * more memory than one block.
 *
 * @param <T> kind of memory
 */
public final class MemoryPool<T> {
  private final Supplier<T> maker;
  private final boolean shares;
  private final Map<String, T> byRole = new HashMap<>();

  private MemoryPool(Supplier<T> maker, boolean shares) {
    this.maker = maker;
    this.shares = shares;
  }

  /** Makes a pool that gives memory of its own to each who asks. */
  public static <T> MemoryPool<T> separate(Supplier<T> maker) {
    return new MemoryPool<>(maker, false);
  }

  /** Makes a pool that gives the same memory to all who ask for one role. */
  public static <T> MemoryPool<T> shared(Supplier<T> maker) {
    return new MemoryPool<>(maker, true);
  }

  /** Returns memory for values that have a role in a block. */
  public T get(String role) {
    return shares ? byRole.computeIfAbsent(role, any -> maker.get()) : maker.get();
  }
}
