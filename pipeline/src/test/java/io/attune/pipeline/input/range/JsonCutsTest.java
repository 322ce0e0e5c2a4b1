package io.attune.pipeline.input.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.input.stream.FileBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class JsonCutsTest {
  @Property(tries = 100)
  void rangesTogetherAreTheFileAndEachBeginsWithAnObject(
      @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 300) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 500) int size)
      throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int length : lengths) {
      lines.append("{\"a\": {\"b\": \"").append("}".repeat(length)).append("\"}}\n");
    }

    List<String> ranges = ranges(lines.toString(), size);

    assertThat(String.join("", ranges)).isEqualTo(lines.toString());
    assertThat(ranges).allMatch(range -> range.isEmpty() || range.startsWith("{"));
    assertThat(ranges).allMatch(range -> range.isEmpty() || range.endsWith("}}\n"));
  }

  @Test
  void objectsOnSeveralLinesAreNotCut() throws IOException {
    String object = "{\n \"a\": [\n  {\n   \"b\": 1\n  },\n  {\n   \"b\": 2\n  }\n ]\n}\n";

    assertThat(ranges(object.repeat(20), 30))
        .hasSizeGreaterThan(5)
        .allMatch(range -> range.endsWith("\n}\n"));
  }

  @Test
  void arraysAndOtherBytesAreOneRange() throws IOException {
    assertThat(ranges("[{\"a\": 1},\n{\"a\": 2},\n{\"a\": 3}]\n", 5)).hasSize(1);
    assertThat(ranges("\u001f\u0000{}\n{}\n{}\n{}\n", 3)).hasSize(1);
  }

  private static List<String> ranges(String content, long size) throws IOException {
    Path file = Files.createTempFile("cuts", ".jsonl");
    try {
      Files.write(file, content.getBytes(StandardCharsets.UTF_8));
      String path = file.toUri().toString();
      Configuration hadoop = new Configuration();
      List<Long> cuts = JsonCuts.of(path, Files.size(file), size, hadoop);
      List<String> ranges = new java.util.ArrayList<>();
      for (int i = 1; i < cuts.size(); i++) {
        try (InputStream in = FileBytes.openRange(path, cuts.get(i - 1), cuts.get(i), hadoop)) {
          ranges.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
      return ranges;
    } finally {
      Files.delete(file);
    }
  }
}
