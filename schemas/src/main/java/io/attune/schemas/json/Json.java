package io.attune.schemas.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Converts records to JSON and back, in UTF-8.
 *
 * <p>The form is stable: the same value gives the same bytes, so that hashes can be compared. Map
 * entries are sorted, absent values are left out, unknown fields are refused.
 */
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          // Only the components of a record belong to its form, not its other methods.
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .build();

  /** Matches where a message of Jackson says that something began. */
  private static final Pattern PLACE =
      Pattern.compile("\\[Source: .*?; line: (\\d+), column: (\\d+)\\]", Pattern.DOTALL);

  private Json() {}

  /** Says in one line why JSON could not be read, and where, without names of Java. */
  public static String problem(IOException thrown) {
    if (!(thrown instanceof JsonProcessingException json)) {
      return oneLine(thrown.getMessage() == null ? "it cannot be read" : thrown.getMessage());
    }
    String message =
        oneLine(PLACE.matcher(json.getOriginalMessage()).replaceAll("line $1, column $2"));
    if (message.startsWith("Trailing token")) {
      message = "there is more after its value";
    }
    message = message.replaceFirst(": enable `.*", ""); // a setting of Jackson's
    JsonLocation place = json.getLocation();
    return place == null || place.getLineNr() < 1
        ? message
        : "%s (line %d, column %d)".formatted(message, place.getLineNr(), place.getColumnNr());
  }

  private static String oneLine(String message) {
    return message.lines().findFirst().orElse("").strip();
  }

  /** Returns indented JSON that ends with a line feed, for files that people open. */
  public static byte[] pretty(Object value) {
    try {
      String text = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
      return (text + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Cannot write " + value.getClass() + " as JSON", e);
    }
  }

  /** Returns JSON on one line, without a line feed, for JSON Lines. */
  public static String line(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Cannot write " + value.getClass() + " as JSON", e);
    }
  }

  /**
   * Reads one value.
   *
   * @throws IOException naming line, column and field, if {@code json} is not a {@code type}
   */
  public static <T> T read(byte[] json, Class<T> type) throws IOException {
    T value = MAPPER.readValue(json, type);
    if (value == null) {
      throw new IOException("line 1: it holds null");
    }
    return value;
  }

  /**
   * Reads one value from bytes that others wrote: a field that occurs twice, or anything after the
   * value, is refused.
   *
   * @throws IOException naming line, column and field, if {@code json} is not one {@code type}
   */
  public static <T> T readStrictly(byte[] json, Class<T> type) throws IOException {
    T value =
        MAPPER
            .readerFor(type)
            .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .readValue(json);
    if (value == null) {
      throw new IOException("line 1: it holds null");
    }
    return value;
  }
}
