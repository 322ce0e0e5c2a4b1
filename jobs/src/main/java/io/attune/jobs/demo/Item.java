package io.attune.jobs.demo;

import java.time.LocalDateTime;

/**
 * Holds one text of the demo before it is written to its file.
 *
 * @param published UTC
 * @param about tickers, the one the text is about first, or a product
 * @param topic empty where it has no label
 * @param sentiment empty where it has no label
 */
record Item(
    String id,
    String title,
    String text,
    LocalDateTime published,
    String source,
    String about,
    String topic,
    String sentiment) {

  Item withTitle(String another) {
    return new Item(id, another, text, published, source, about, topic, sentiment);
  }

  Item withText(String another) {
    return new Item(id, title, another, published, source, about, topic, sentiment);
  }

  Item withTopic(String another) {
    return new Item(id, title, text, published, source, about, another, sentiment);
  }

  Item withSentiment(String another) {
    return new Item(id, title, text, published, source, about, topic, another);
  }

  /** Returns the same text under another id, from another source some minutes later. */
  Item again(String anotherId, String anotherSource, int minutesLater) {
    LocalDateTime later = published.plusMinutes(minutesLater);
    return new Item(anotherId, title, text, later, anotherSource, about, topic, sentiment);
  }
}
