package io.attune.pipeline.stage.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.input.InputFile;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class PackingTest {
  @Property
  void everyFileIsInOneTaskAndNoTaskIsEmpty(
      @ForAll @NotEmpty List<@LongRange(min = 0, max = 1L << 40) Long> sizes,
      @ForAll @IntRange(min = 1, max = 64) int cores) {
    List<Piece> files = files(sizes);

    List<List<Piece>> tasks = Packing.pack(files, cores);

    assertThat(tasks.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(files);
    assertThat(tasks).noneMatch(List::isEmpty);
  }

  @Test
  void manySmallFilesAreFewTasksAndTheLongFileBeginsFirst() {
    List<Long> sizes = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      sizes.add(1_000L);
    }
    sizes.add(1L << 34);

    List<List<Piece>> tasks = Packing.pack(files(sizes), 2);

    assertThat(tasks.size()).isLessThan(200);
    assertThat(tasks.get(0)).hasSize(1);
  }

  private static List<Piece> files(List<Long> sizes) {
    List<Piece> files = new ArrayList<>();
    for (int i = 0; i < sizes.size(); i++) {
      files.add(Piece.whole(new InputFile("c", "file:/" + i, null, sizes.get(i), 1)));
    }
    return files;
  }
}
