package io.attune.pipeline.input;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attune.pipeline.input.stream.StoredFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.mapred.FsInput;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Reads the records of one Avro file. A field of a record in a record is {@code user.name}; arrays,
 * mappings and records are JSON; times are ISO 8601 in UTC.
 */
final class AvroReader extends ItemReader {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final DataFileReader<GenericRecord> in;
  private final List<String> header;
  private final Set<String> wanted;
  private long row;

  private AvroReader(DataFileReader<GenericRecord> in, List<String> header, Set<String> wanted) {
    this.in = in;
    this.header = header;
    this.wanted = wanted;
  }

  /**
   * Opens a file.
   *
   * @param wanted columns; the others are not decoded
   */
  static AvroReader open(String file, Set<String> wanted, Configuration hadoop) throws IOException {
    Path path = new Path(file);
    GenericDatumReader<GenericRecord> decoder = new GenericDatumReader<>();
    DataFileReader<GenericRecord> in =
        new DataFileReader<>(new FsInput(path, StoredFile.systemOf(path, hadoop)), decoder);
    Schema written = in.getSchema();
    if (written.getType() != Schema.Type.RECORD) {
      in.close();
      throw new IOException("its values are not records, but " + written.getType());
    }
    decoder.setExpected(projection(written, wanted));
    List<String> header = new ArrayList<>();
    collect("", written, header);
    return new AvroReader(in, header, wanted);
  }

  private static Schema projection(Schema written, Set<String> wanted) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : written.getFields()) {
      boolean needed =
          wanted.stream()
              .anyMatch(name -> name.equals(field.name()) || name.startsWith(field.name() + "."));
      if (needed) {
        fields.add(new Schema.Field(field, field.schema()));
      }
    }
    return Schema.createRecord(
        written.getName(), null, written.getNamespace(), written.isError(), fields);
  }

  private static void collect(String prefix, Schema record, List<String> names) {
    for (Schema.Field field : record.getFields()) {
      names.add(prefix + field.name());
      Schema type = present(field.schema());
      if (type.getType() == Schema.Type.RECORD && prefix.length() < 200) {
        collect(prefix + field.name() + ".", type, names);
      }
    }
  }

  /** Returns the type of a value that is there: that of a union which is not null. */
  private static Schema present(Schema schema) {
    if (schema.getType() != Schema.Type.UNION) {
      return schema;
    }
    return schema.getTypes().stream()
        .filter(type -> type.getType() != Schema.Type.NULL)
        .findFirst()
        .orElse(schema);
  }

  @Override
  public List<String> header() {
    return header;
  }

  @Override
  RawRecord item() throws IOException {
    if (!in.hasNext()) {
      return null;
    }
    GenericRecord record = in.next();
    Map<String, String> fields = new LinkedHashMap<>();
    for (String column : wanted) {
      JsonNode value = find(record, column);
      String text = value.isValueNode() ? value.asText() : value.toString();
      if (!value.isNull() && !text.isEmpty()) {
        fields.put(column, text);
      }
    }
    return RawRecord.of(++row, fields, fields.toString());
  }

  private static JsonNode find(GenericRecord record, String column) {
    Object value = record;
    Schema type = record.getSchema();
    for (String name : column.split("\\.", -1)) {
      if (!(value instanceof GenericRecord at) || at.getSchema().getField(name) == null) {
        return JSON.nullNode();
      }
      type = at.getSchema().getField(name).schema();
      value = at.get(name);
    }
    return json(value, type);
  }

  private static JsonNode json(Object value, Schema union) {
    if (value == null) {
      return JSON.nullNode();
    }
    Schema type = present(union);
    if (value instanceof GenericRecord record) {
      ObjectNode object = JSON.objectNode();
      record
          .getSchema()
          .getFields()
          .forEach(
              field -> object.set(field.name(), json(record.get(field.pos()), field.schema())));
      return object;
    } else if (value instanceof Collection<?> list) {
      ArrayNode array = JSON.arrayNode();
      list.forEach(item -> array.add(json(item, type.getElementType())));
      return array;
    } else if (value instanceof Map<?, ?> map) {
      ObjectNode object = JSON.objectNode();
      map.forEach((key, item) -> object.set(key.toString(), json(item, type.getValueType())));
      return object;
    }
    return scalar(value, type);
  }

  private static JsonNode scalar(Object value, Schema type) {
    String logical = type.getProp("logicalType");
    if (value instanceof Long number) {
      return logical == null ? JSON.numberNode(number) : JSON.textNode(time(logical, number));
    } else if (value instanceof Integer number) {
      return "date".equals(logical)
          ? JSON.textNode(LocalDate.ofEpochDay(number).toString())
          : JSON.numberNode(number);
    } else if (value instanceof Boolean flag) {
      return JSON.booleanNode(flag);
    } else if (value instanceof Float number) {
      return JSON.numberNode(number);
    } else if (value instanceof Double number) {
      return JSON.numberNode(number);
    }
    byte[] bytes =
        value instanceof ByteBuffer buffer
            ? remaining(buffer)
            : value instanceof GenericFixed fixed ? fixed.bytes() : null;
    if (bytes == null) {
      return JSON.textNode(value.toString());
    }
    return "decimal".equals(logical)
        ? JSON.textNode(
            new BigDecimal(new BigInteger(bytes), (Integer) type.getObjectProp("scale"))
                .toPlainString())
        : JSON.textNode(new String(bytes, StandardCharsets.UTF_8));
  }

  private static byte[] remaining(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  /** Writes a count since 1970 as ISO 8601; local times are taken as UTC. */
  private static String time(String logical, long value) {
    long perSecond =
        logical.endsWith("-millis") ? 1_000 : logical.endsWith("-micros") ? 1_000_000 : 0;
    perSecond = logical.endsWith("-nanos") ? 1_000_000_000 : perSecond;
    if (perSecond == 0 || !logical.contains("timestamp")) {
      return Long.toString(value);
    }
    return Instant.ofEpochSecond(
            Math.floorDiv(value, perSecond),
            Math.floorMod(value, perSecond) * (1_000_000_000L / perSecond))
        .toString();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
