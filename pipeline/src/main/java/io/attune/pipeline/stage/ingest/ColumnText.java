package io.attune.pipeline.stage.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import org.apache.spark.sql.Row;
import scala.collection.JavaConverters;

/**
 * Writes the values of columnar files as text: what a label or a date means is decided in one
 * place. Times are ISO 8601 in UTC; arrays, mappings and structures are JSON.
 */
final class ColumnText {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final long PER_SECOND = 1_000_000_000L;

  private ColumnText() {}

  /** Returns a value as text; null for null and for empty text. */
  static String of(Object value) {
    JsonNode json = json(value);
    String text = json.isValueNode() ? json.asText() : json.toString();
    return json.isNull() || text.isEmpty() ? null : text;
  }

  /** Returns a time that a file holds as nanoseconds since 1970. */
  static String ofNanoseconds(Object value) {
    return value instanceof Long nanoseconds
        ? Instant.ofEpochSecond(
                Math.floorDiv(nanoseconds, PER_SECOND), Math.floorMod(nanoseconds, PER_SECOND))
            .toString()
        : of(value);
  }

  /** Finds a value by its path through structures, such as {@code user.name}. */
  static Object find(Row row, String path) {
    int whole = index(row, path);
    if (whole >= 0) {
      return row.get(whole);
    }
    Object value = row;
    for (String name : path.split("\\.", -1)) {
      int at = value instanceof Row structure ? index(structure, name) : -1;
      if (at < 0) {
        return null;
      }
      value = ((Row) value).get(at);
    }
    return value;
  }

  private static int index(Row row, String name) {
    String[] names = row.schema().fieldNames();
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private static JsonNode json(Object value) {
    if (value == null) {
      return JSON.nullNode();
    } else if (value instanceof String text) {
      return JSON.textNode(text);
    } else if (value instanceof Row row) {
      ObjectNode object = JSON.objectNode();
      String[] names = row.schema().fieldNames();
      for (int i = 0; i < names.length; i++) {
        object.set(names[i], json(row.get(i)));
      }
      return object;
    } else if (value instanceof scala.collection.Seq<?> list) {
      ArrayNode array = JSON.arrayNode();
      JavaConverters.seqAsJavaList(list).forEach(item -> array.add(json(item)));
      return array;
    } else if (value instanceof scala.collection.Map<?, ?> map) {
      ObjectNode object = JSON.objectNode();
      JavaConverters.mapAsJavaMap(map)
          .forEach((key, item) -> object.set(String.valueOf(key), json(item)));
      return object;
    }
    return scalar(value);
  }

  private static JsonNode scalar(Object value) {
    if (value instanceof Boolean flag) {
      return JSON.booleanNode(flag);
    } else if (value instanceof Long || value instanceof Integer) {
      return JSON.numberNode(((Number) value).longValue());
    } else if (value instanceof Short || value instanceof Byte) {
      return JSON.numberNode(((Number) value).intValue());
    } else if (value instanceof Float number) {
      return JSON.numberNode(number);
    } else if (value instanceof Double number) {
      return JSON.numberNode(number);
    } else if (value instanceof BigDecimal number) {
      return JSON.textNode(number.toPlainString());
    } else if (value instanceof byte[] bytes) {
      return JSON.textNode(new String(bytes, StandardCharsets.UTF_8));
    } else if (value instanceof Timestamp time) {
      return JSON.textNode(time.toInstant().toString());
    } else if (value instanceof Date date) {
      return JSON.textNode(date.toLocalDate().toString());
    }
    return JSON.textNode(value.toString());
  }
}
