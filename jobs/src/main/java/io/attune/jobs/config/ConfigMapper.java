package io.attune.jobs.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Maps YAML strictly: keys and enum constants in kebab-case, known keys only, exact types. */
final class ConfigMapper {
  private ConfigMapper() {}

  static ObjectMapper create() {
    SimpleModule module = new SimpleModule();
    module.setDeserializerModifier(
        new BeanDeserializerModifier() {
          @Override
          public JsonDeserializer<?> modifyDeserializer(
              DeserializationConfig config,
              BeanDescription description,
              JsonDeserializer<?> deserializer) {
            return description.getBeanClass().isRecord()
                ? new KnownKeysReader(deserializer)
                : deserializer;
          }

          @Override
          public JsonDeserializer<?> modifyEnumDeserializer(
              DeserializationConfig config,
              JavaType type,
              BeanDescription description,
              JsonDeserializer<?> deserializer) {
            return new KebabEnumReader(type.getRawClass());
          }
        });
    module.addSerializer(new KebabEnumWriter());
    YAMLFactory yaml =
        YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .build();
    YAMLMapper mapper =
        YAMLMapper.builder(yaml)
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS, MapperFeature.AUTO_DETECT_IS_GETTERS)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .addModule(module)
            .build();
    // A value that YAML reads as a number or boolean may still be a name, such as the label 1.
    mapper
        .coercionConfigFor(LogicalType.Textual)
        .setCoercion(CoercionInputShape.Integer, CoercionAction.TryConvert)
        .setCoercion(CoercionInputShape.Float, CoercionAction.TryConvert)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.TryConvert);
    // A list replaces the one below it; mappings are merged.
    mapper.configOverride(ArrayNode.class).setMergeable(false);
    return mapper;
  }

  /**
   * Rejects unknown keys of a record before its values are checked, since a rule may fail only
   * because a key is misspelt.
   */
  private static final class KnownKeysReader extends DelegatingDeserializer {
    private static final long serialVersionUID = 1;

    KnownKeysReader(JsonDeserializer<?> delegate) {
      super(delegate);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> delegate) {
      return new KnownKeysReader(delegate);
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (!parser.isExpectedStartObjectToken()) {
        return super.deserialize(parser, context);
      }
      JsonNode values = context.readTree(parser);
      List<String> known = Keys.of(handledType());
      for (Iterator<String> keys = values.fieldNames(); keys.hasNext(); ) {
        String key = keys.next();
        if (!known.contains(key)) {
          throw UnrecognizedPropertyException.from(
              parser, handledType(), key, new ArrayList<>(known));
        }
      }
      try (JsonParser again = values.traverse(parser.getCodec())) {
        again.nextToken();
        return super.deserialize(again, context);
      }
    }
  }

  private static final class KebabEnumReader extends JsonDeserializer<Enum<?>> {
    private final Class<?> type;

    KebabEnumReader(Class<?> type) {
      this.type = type;
    }

    @Override
    public Enum<?> deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      String word = parser.getValueAsString();
      List<String> known =
          Arrays.stream(type.getEnumConstants())
              .map(constant -> word(((Enum<?>) constant).name()))
              .toList();
      int index = known.indexOf(word);
      if (index < 0) {
        String near = Keys.nearest(String.valueOf(word), known).orElse(null);
        throw JsonMappingException.from(
            parser,
            "must be one of %s, got '%s'%s"
                .formatted(known, word, near == null ? "" : "; did you mean '" + near + "'?"));
      }
      return (Enum<?>) type.getEnumConstants()[index];
    }
  }

  @SuppressWarnings("rawtypes") // Jackson registers a serializer by the raw class of enums.
  private static final class KebabEnumWriter extends JsonSerializer<Enum> {
    @Override
    public Class<Enum> handledType() {
      return Enum.class;
    }

    @Override
    public void serialize(Enum value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(word(value.name()));
    }
  }

  private static String word(String constant) {
    return constant.toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
