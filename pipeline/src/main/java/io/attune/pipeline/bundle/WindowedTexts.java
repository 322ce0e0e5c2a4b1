package io.attune.pipeline.bundle;

import io.attune.pipeline.text.Encoding;
import io.attune.pipeline.text.TextRows;
import io.attune.pipeline.text.TextRows.Window;
import io.attune.schemas.report.Evaluation.AttendedSpan;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds the rows of several texts in one list, so that a network answers to all of them at once.
 *
 * @param windows of all texts, one text after the other
 * @param starts of each text among them, and the end of the last
 */
record WindowedTexts(List<Window> windows, List<Integer> starts) {

  static WindowedTexts of(List<String> texts, TextRows reader) {
    List<Window> windows = new ArrayList<>();
    List<Integer> starts = new ArrayList<>();
    for (String text : texts) {
      starts.add(windows.size());
      windows.addAll(reader.windows(text));
    }
    starts.add(windows.size());
    return new WindowedTexts(windows, starts);
  }

  List<int[]> ids() {
    return windows.stream().map(window -> window.encoding().ids()).toList();
  }

  /** Returns what belongs to one text of a list with something for each window. */
  <T> List<T> of(int text, List<T> byWindow) {
    return byWindow.subList(starts.get(text), starts.get(text + 1));
  }

  /**
   * Returns the weights of the words of a text: of a token that several windows read the sum of its
   * weights, and of all the mean over the windows.
   *
   * @param weights by window, then token
   */
  List<AttendedSpan> spans(String content, int text, List<float[]> weights) {
    List<Window> ofText = of(text, windows);
    List<float[]> weighed = of(text, weights);
    if (ofText.size() == 1) {
      return Spans.merge(content, ofText.get(0).encoding(), weighed.get(0));
    }
    Window last = ofText.get(ofText.size() - 1);
    int length = last.first() + last.own();
    int[] starts = new int[length];
    int[] ends = new int[length]; // 0 for a token that no window reads: no character stands for it
    float[] sums = new float[length];
    for (int i = 0; i < ofText.size(); i++) {
      Window window = ofText.get(i);
      for (int own = 0; own < window.own(); own++) {
        int token = window.first() + own;
        starts[token] = window.encoding().starts()[window.special() + own];
        ends[token] = window.encoding().ends()[window.special() + own];
        sums[token] += weighed.get(i)[window.special() + own] / ofText.size();
      }
    }
    return Spans.merge(content, new Encoding(new int[length], starts, ends), sums);
  }
}
