package io.attune.pipeline.text;

/** Makes the one text of a document that every model reads. */
public final class DocumentText {
  private DocumentText() {}

  /**
   * Joins title and text by a line feed; a text that starts with its title stands alone.
   *
   * @param title may be null
   * @param text may be null
   * @return never null; empty if there is neither
   */
  public static String of(String title, String text) {
    String head = title == null ? "" : title.strip();
    String body = text == null ? "" : text.strip();
    if (head.isEmpty() || body.startsWith(head)) {
      return body;
    }
    return body.isEmpty() ? head : head + "\n" + body;
  }
}
