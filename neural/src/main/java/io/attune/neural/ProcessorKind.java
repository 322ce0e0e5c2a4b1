package io.attune.neural;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Names the kind of processor that this JVM computes on: its architecture and the instructions by
 * which products of matrices differ in their last bits. Two processors of one kind give the same
 * parameters for the same rows; of different kinds they do not, since sums are formed in another
 * order.
 */
public final class ProcessorKind {
  /** Lists what decides the width and order of sums, as Linux names it. */
  private static final List<String> DECIDING =
      List.of("avx2", "avx512f", "avx512_bf16", "amx_bf16");

  private static final String HERE = of(System.getProperty("os.arch"), cpuinfo());

  private ProcessorKind() {}

  /** Returns the kind of this JVM's processor, such as {@code amd64 avx2 avx512f avx512_bf16}. */
  public static String here() {
    return HERE;
  }

  /** Returns its instructions, as Linux names them; none elsewhere. */
  public static Set<String> instructions() {
    return instructions(cpuinfo());
  }

  private static Set<String> instructions(Stream<String> cpuinfo) {
    return cpuinfo
        .filter(line -> line.startsWith("flags"))
        .findFirst()
        .map(
            line ->
                Set.copyOf(List.of(line.substring(line.indexOf(':') + 1).strip().split("\\s+"))))
        .orElse(Set.of());
  }

  static String of(String architecture, Stream<String> cpuinfo) {
    Set<String> flags = instructions(cpuinfo);
    List<String> words = new ArrayList<>(List.of(architecture));
    DECIDING.stream().filter(flags::contains).forEach(words::add);
    return String.join(" ", words);
  }

  private static Stream<String> cpuinfo() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream();
    } catch (IOException | UncheckedIOException e) {
      return Stream.of(); // not Linux: the architecture alone
    }
  }
}
