package io.attune.pipeline.dataset;

import io.attune.pipeline.metric.ClassCounts;
import io.attune.schemas.model.LabelSets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Reads the column {@code labels}: class index by head, -1 where there is none. */
public final class Labels {
  private Labels() {}

  public static int[] of(Row row, int column) {
    return row.<Integer>getList(column).stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * Counts rows by class of each head, in one pass over a dataset with the column {@code labels}.
   */
  public static List<ClassCounts> count(Dataset<Row> rows, LabelSets labels) {
    int[] classes = labels.heads().stream().mapToInt(head -> head.classes().size()).toArray();
    return rows.select("labels")
        .javaRDD()
        .mapPartitions(part -> List.of(countPart(part, classes)).iterator())
        .fold(none(classes), Labels::merge);
  }

  private static List<ClassCounts> countPart(Iterator<Row> rows, int[] classes) {
    List<ClassCounts> counts = none(classes);
    while (rows.hasNext()) {
      int[] row = of(rows.next(), 0);
      for (int head = 0; head < row.length; head++) {
        if (row[head] >= 0) {
          counts.get(head).add(row[head]);
        }
      }
    }
    return counts;
  }

  private static List<ClassCounts> none(int[] classes) {
    List<ClassCounts> counts = new ArrayList<>();
    for (int size : classes) {
      counts.add(new ClassCounts(size));
    }
    return counts;
  }

  private static List<ClassCounts> merge(List<ClassCounts> one, List<ClassCounts> other) {
    List<ClassCounts> merged = new ArrayList<>();
    for (int head = 0; head < one.size(); head++) {
      merged.add(one.get(head).merge(other.get(head)));
    }
    return merged;
  }
}
