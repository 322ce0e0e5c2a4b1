package io.attune.pipeline;

/** Shows how far long work is. Called on the driver only; implementations are cheap. */
public interface Progress {

  /** Shows nothing. */
  Progress SILENT =
      new Progress() {
        @Override
        public void update(long done, long total, String note) {}
      };

  /**
   * Shows how far the work is.
   *
   * @param done units of work done, from 0 to {@code total}
   * @param note what to show next to the bar, such as {@code loss 0.412}; may be empty
   */
  void update(long done, long total, String note);

  /**
   * Shows a permanent line about a problem that was corrected and that an operator should check.
   */
  default void warn(String message) {}
}
