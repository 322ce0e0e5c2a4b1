package io.attune.schemas.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Defines the name, version and columns of a table.
 *
 * @param name the table's name below {@code tables/<task>/}
 * @param version raised with every change that an old reader would misread
 */
public record TableSchema(String name, int version, StructType columns) {

  /**
   * Checks on the driver, before any work, that {@code actual} has every column of this table with
   * its type; more columns and nullability do not matter.
   *
   * @throws IllegalArgumentException naming every column that is missing or has another type
   */
  public void requireIn(StructType actual) {
    List<String> faults = new ArrayList<>();
    for (StructField expected : columns.fields()) {
      if (!Arrays.asList(actual.fieldNames()).contains(expected.name())) {
        faults.add("'%s' is missing".formatted(expected.name()));
        continue;
      }
      String found = actual.apply(expected.name()).dataType().catalogString();
      String wanted = expected.dataType().catalogString();
      if (!found.equals(wanted)) {
        faults.add("'%s' is %s, expected %s".formatted(expected.name(), found, wanted));
      }
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(
          "These are not %s (version %d): column %s; columns found: %s"
              .formatted(name, version, String.join("; ", faults), List.of(actual.fieldNames())));
    }
  }
}
