package io.attune.pipeline.text;

/** The one text that every model reads of a document. */
public final class DocumentText {
  private DocumentText() {}

  /**
   * Title, line feed, text; only the text where it begins with the title.
   *
   * @return never null; empty if both are
   */
  public static String of(String title, String text) {
    if (title == null || title.isEmpty()) {
      return text == null ? "" : text;
    }
    if (text == null || text.isEmpty()) {
      return title;
    }
    return text.startsWith(title) ? text : title + "\n" + text;
  }
}
