package io.attune.pipeline.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.bundle.TestTokenizer;
import io.attune.schemas.model.LongTexts;
import io.attune.schemas.model.LongTexts.Keep;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TextRowsTest {
  private static final String TEXT = "good bad not shares bank phone screen the a is";

  private static TextRows reader(int maxTokens, Keep keep, double overlap, int most) {
    return new TextRows(
        SubwordTokenizer.shared(TestTokenizer.json()),
        maxTokens,
        new LongTexts(keep, overlap, most));
  }

  @Test
  void windowsOverlapAndTheLastOneEndsWithTheText() {
    TextRows.Ids ids = reader(4, Keep.WINDOWS, 0.25, 9).ids(TEXT);

    assertThat(ids.rows())
        .containsExactly(
            TestTokenizer.ids("good bad not shares"),
            TestTokenizer.ids("shares bank phone screen"),
            TestTokenizer.ids("screen the a is"));
    assertThat(ids.leftOut()).isZero();
  }

  @Test
  void ofTooManyWindowsThoseInTheMiddleAreLeftOutAndCounted() {
    TextRows.Ids ids = reader(2, Keep.WINDOWS, 0, 3).ids(TEXT);

    assertThat(ids.rows())
        .containsExactly(
            TestTokenizer.ids("good bad"),
            TestTokenizer.ids("not shares"),
            TestTokenizer.ids("a is"));
    assertThat(ids.leftOut()).isEqualTo(2);
  }

  @Test
  void readsTheStartOrTheStartAndTheEnd() {
    assertThat(reader(4, Keep.HEAD, 0, 1).ids(TEXT).rows())
        .containsExactly(TestTokenizer.ids("good bad not shares"));
    assertThat(reader(4, Keep.HEAD_AND_TAIL, 0, 1).ids(TEXT).rows())
        .containsExactly(TestTokenizer.ids("good bad a is"));
  }

  @Test
  void aShortTextIsOneRowWhateverIsReadOfLongOnes() {
    for (Keep keep : Keep.values()) {
      assertThat(reader(10, keep, 0.5, 9).ids(TEXT).rows())
          .containsExactly(TestTokenizer.ids(TEXT));
      assertThat(reader(10, keep, 0.5, 9).ids("").rows()).containsExactly(new int[] {1});
    }
  }

  @Property(tries = 300, seed = "2026")
  void windowsReadEveryTokenUnlessTheyAreTooMany(
      @ForAll @IntRange(min = 1, max = 300) int own,
      @ForAll @IntRange(min = 1, max = 40) int room,
      @ForAll @DoubleRange(min = 0, max = 0.99) double overlap,
      @ForAll @IntRange(min = 1, max = 12) int most) {
    TextRows.Cuts all = cuts(own, room, overlap, LongTexts.MOST_WINDOWS);
    TextRows.Cuts some = cuts(own, room, overlap, most);

    TreeSet<Integer> read = new TreeSet<>();
    for (int start : all.starts()) {
      for (int token = start; token < start + all.length(); token++) {
        read.add(token);
      }
    }
    assertThat(read).hasSize(own);
    assertThat(read.last()).isEqualTo(own - 1);
    assertThat(some.starts().length).isEqualTo(Math.min(most, all.starts().length));
    assertThat(some.leftOut()).isEqualTo(all.starts().length - some.starts().length);
    assertThat(some.starts()[0]).isZero();
    assertThat(all.starts()).isSorted().doesNotHaveDuplicates().contains(some.starts());
  }

  private static TextRows.Cuts cuts(int own, int room, double overlap, int most) {
    return TextRows.Cuts.of(own, room, new LongTexts(Keep.WINDOWS, overlap, most));
  }

  @Test
  void theWindowsOfATextAreItsRowsWithTheirPlaces() {
    for (Keep keep : Keep.values()) {
      TextRows reader = reader(4, keep, 0.5, 3);
      List<int[]> rows = new ArrayList<>();
      for (TextRows.Window window : reader.windows(TEXT)) {
        rows.add(window.encoding().ids());
        assertThat(window.special()).isZero();
        assertThat(window.own()).isEqualTo(4);
        assertThat(TEXT.substring(window.encoding().starts()[0], window.encoding().ends()[0]))
            .isEqualTo(TEXT.split(" ", -1)[window.first()]);
      }
      assertThat(rows).containsExactlyElementsOf(reader.ids(TEXT).rows());
    }
  }

  @Test
  void specialTokensStandAroundEachWindow() {
    TextRows reader =
        new TextRows(SubwordTokenizerTest.surrounding(), 4, new LongTexts(Keep.WINDOWS, 0, 5));

    List<TextRows.Window> windows = reader.windows("good 手 机 10 good");

    assertThat(reader.ids("good 手 机 10 good").rows())
        .containsExactly(new int[] {2, 0, 4, 7}, new int[] {2, 5, 41, 7}, new int[] {2, 41, 0, 7});
    assertThat(windows.get(2).encoding().ids()).containsExactly(2, 41, 0, 7);
    assertThat(windows.get(2).first()).isEqualTo(3);
    assertThat(windows.get(2).special()).isEqualTo(1);
    assertThat(windows.get(2).own()).isEqualTo(2);
  }

  @Test
  void refusesWhatIsNoWayOfReading() {
    assertThatThrownBy(() -> new LongTexts(Keep.WINDOWS, 1, 2))
        .hasMessage("overlap must be in [0, 1), got 1.0");
    assertThatThrownBy(() -> new LongTexts(Keep.WINDOWS, 0, 0))
        .hasMessage("most must be in [1, 1000], got 0");
  }
}
