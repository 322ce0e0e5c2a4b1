package io.attune.neural;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.bytedeco.javacpp.Loader;

/** Names the builds of ND4J's native libraries, by the instructions that they need. */
public enum NativeBuild {
  AVX512("avx512f avx512bw avx512dq avx512vl"),
  AVX2("avx2 fma"),
  GENERIC("sse4_1");

  /** Is the property by which JavaCPP chooses; with none it takes any build that there is. */
  private static final String PROPERTY = "platform.extension";

  private static final String SYSTEM_PROPERTY = "org.bytedeco.javacpp." + PROPERTY;

  private final String needed;

  NativeBuild(String needed) {
    this.needed = needed;
  }

  /** Returns the instructions that it needs, as Linux names them. */
  public Set<String> needed() {
    return Set.of(needed.split(" "));
  }

  /** Returns its name, such as {@code avx2}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the best build for a processor.
   *
   * @param instructions of the processor, as Linux names them
   */
  static NativeBuild of(Set<String> instructions) {
    return Arrays.stream(values())
        .filter(build -> instructions.containsAll(build.needed()))
        .findFirst()
        .orElse(GENERIC);
  }

  /** Returns the build that this JVM uses: what the system property says, or the best one. */
  public static NativeBuild inUse() {
    String configured = System.getProperty(SYSTEM_PROPERTY);
    return configured == null
        ? of(ProcessorKind.instructions())
        : Arrays.stream(values())
            .filter(build -> build.extension().equals(configured))
            .findFirst()
            .orElse(GENERIC);
  }

  /** Lets JavaCPP take the build that this JVM uses, before it loads ND4J's libraries. */
  static void choose() {
    if (System.getProperty(SYSTEM_PROPERTY) == null) {
      // JavaCPP reads the system property once, perhaps before now.
      Loader.loadProperties().setProperty(PROPERTY, inUse().extension());
    }
  }

  private String extension() {
    return this == GENERIC ? "" : "-" + word();
  }
}
