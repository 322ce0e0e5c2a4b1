package io.attune.pipeline.surge.alert;

import java.io.Serializable;
import java.util.List;

/**
 * Places a series among the others.
 *
 * @param kind such as market, topic, source or entity: documents may belong to several kinds, and
 *     to several series of one
 * @param parents names of the series that it is a part of; none for the market
 */
public record Node(String series, String kind, List<String> parents) implements Serializable {
  public Node {
    parents = List.copyOf(parents);
  }
}
