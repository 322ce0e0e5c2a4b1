package io.attune.jobs.demo;

import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Describes a text to generate.
 *
 * @param topics of its channel, its own included
 * @param names what the grammar's free symbols stand for, such as {@code company}
 */
record TextSpec(Sentiment sentiment, String topic, List<String> topics, Map<String, String> names) {
  TextSpec {
    topics = List.copyOf(topics);
    names = Map.copyOf(names);
  }

  TextSpec with(Sentiment another) {
    return new TextSpec(another, topic, topics, names);
  }

  TextSpec with(Map<String, String> others) {
    return new TextSpec(sentiment, topic, topics, others);
  }

  /** Returns another topic with neutral sentiment. */
  TextSpec elsewhere(Random random) {
    List<String> others = topics.stream().filter(other -> !other.equals(topic)).toList();
    String another = others.get(random.nextInt(others.size()));
    return new TextSpec(Sentiment.NEUTRAL, another, topics, names);
  }
}
