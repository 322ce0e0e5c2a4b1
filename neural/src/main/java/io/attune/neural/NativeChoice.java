package io.attune.neural;

import org.nd4j.common.io.Resource;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4jBackend;

/**
 * Makes ND4J load the native libraries for the processor of this JVM: with several builds on the
 * class path it takes that for AVX-512, and ends with SIGILL where the processor has none.
 *
 * <p>ND4J creates all backends that it finds before it asks one for its libraries. This one is no
 * backend: it is never available.
 */
public final class NativeChoice extends Nd4jBackend {
  static {
    NativeBuild.choose();
  }

  @Override
  public boolean isAvailable() {
    return false;
  }

  @Override
  public boolean canRun() {
    return false;
  }

  @Override
  public int getPriority() {
    return Integer.MIN_VALUE; // asked when no other can be used
  }

  @Override
  public boolean allowsOrder() {
    return false;
  }

  @Override
  public Resource getConfigurationResource() {
    throw noBackend();
  }

  @Override
  public Class<?> getNDArrayClass() {
    throw noBackend();
  }

  @Override
  public Environment getEnvironment() {
    throw noBackend();
  }

  @Override
  public String buildInfo() {
    return "";
  }

  @Override
  public void logBackendInit() {}

  private static UnsupportedOperationException noBackend() {
    return new UnsupportedOperationException("This is no backend of ND4J");
  }
}
