package io.attune.pipeline.storage;

import java.util.Arrays;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** Gives names of columns to the methods of Spark that take them as a Scala sequence. */
public final class ColumnNames {
  private ColumnNames() {}

  /** Returns names as a join takes them. */
  public static Seq<String> of(String... names) {
    return JavaConverters.asScalaBuffer(Arrays.asList(names)).toSeq();
  }
}
