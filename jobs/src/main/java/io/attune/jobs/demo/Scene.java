package io.attune.jobs.demo;

import java.util.Map;

/**
 * What a text is to say.
 *
 * @param names what the grammar's free symbols stand for, such as {@code company}
 */
record Scene(Sentiment sentiment, String topic, Map<String, String> names) {
  Scene {
    names = Map.copyOf(names);
  }

  Scene with(Sentiment another) {
    return new Scene(another, topic, names);
  }
}
