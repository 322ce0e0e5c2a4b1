package io.attune.jobs.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attune.pipeline.encoder.EncoderChoice;
import io.attune.pipeline.split.SplitConfig;
import io.attune.pipeline.stage.compare.GateConfig;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Loads the configuration of a task. */
public final class RunConfigs {
  private static final ObjectMapper MAPPER = ConfigMapper.create();
  private static final String DEFAULTS = "defaults.yaml";
  private static final String ENCODER_DEFAULTS = "encoder-defaults.yaml";
  private static final String NGRAM_DEFAULTS = "ngram-defaults.yaml";
  private static final String HEADS = "heads";
  private static final String ENCODER = "encoder";
  private static final String TOKENIZER = "tokenizer";
  private static final String KIND = "kind";
  private static final String NGRAM_ATTENTION = "ngram-attention";

  /** Lists the keys below {@code model} that say how a network is built. */
  private static final List<String> SHAPE =
      List.of(
          KIND,
          "layers",
          HEADS,
          "width",
          "feed-forward",
          "norm",
          "activation",
          "positions",
          "ngrams");

  /** Lists those of them that only networks with blocks of attention have. */
  private static final List<String> BLOCKS =
      List.of("layers", "feed-forward", "norm", "activation", "positions");

  private RunConfigs() {}

  /**
   * Reads a task's file over the defaults, with overrides on top.
   *
   * <p>Relative paths of corpora and of the root are relative to the file.
   *
   * @param overrides such as {@code train.stopping.epochs=4}
   * @throws Failure.BadUsage naming file, line and key of what is wrong
   */
  public static RunConfig load(Path file, List<String> overrides) {
    return load(file, "file://" + file.toAbsolutePath().getParent(), overrides);
  }

  /**
   * Reads a task's file, as {@link #load(Path, List)} does, with relative paths of corpora and of
   * the root below a folder that need not be the file's own.
   *
   * @param folder URI of any Hadoop file system
   */
  public static RunConfig load(Path file, String folder, List<String> overrides) {
    List<YamlFile> layers = new ArrayList<>();
    layers.add(YamlFile.parse(file.toString(), text(file)));
    overrides.forEach(override -> layers.add(override(override)));
    ObjectNode values = layered(List.of(), layers);
    if (Student.isTrainedBy(values)) {
      Student.requireNoEncoder(values, named(layers));
      List<YamlFile> upper = new ArrayList<>(layers);
      upper.add(Student.ownVocabulary());
      values = layered(withNgramDefaults(List.of(Student.defaults(values)), upper), upper);
    } else {
      values = layered(lower(layers), layers);
    }
    resolvePaths(values, folder, overrides);
    return map(values, layers);
  }

  /** Returns the defaults that apply above the general ones, by what files say of the network. */
  private static List<YamlFile> lower(List<YamlFile> layers) {
    List<YamlFile> lower = new ArrayList<>();
    boolean ownTokenizer =
        layers.stream().anyMatch(layer -> layer.contains("tokenize." + TOKENIZER));
    if (!contains(layers, ENCODER) && ownTokenizer) {
      lower.add(YamlFile.parse(DEFAULTS, "model: {encoder: none}"));
    }
    if (!contains(layers, ENCODER) && SHAPE.stream().anyMatch(key -> contains(layers, key))) {
      // An encoder's shape would replace what the files describe.
      lower.add(YamlFile.parse(DEFAULTS, "model: {encoder: none}"));
    }
    if (!contains(layers, KIND) && BLOCKS.stream().anyMatch(key -> contains(layers, key))) {
      lower.add(YamlFile.parse(DEFAULTS, "model: {kind: self-attention}"));
    }
    JsonNode model = layered(lower, layers).path("model");
    if (!EncoderChoice.of(model.path(ENCODER).asText()).isNone()) {
      return List.of(YamlFile.parse(ENCODER_DEFAULTS, encoderDefaults()));
    }
    return withNgramDefaults(lower, layers);
  }

  /** Returns defaults, and those of n-grams above them if that is what the network is made of. */
  private static List<YamlFile> withNgramDefaults(List<YamlFile> lower, List<YamlFile> layers) {
    JsonNode kind = layered(lower, layers).path("model").path(KIND);
    List<YamlFile> all = new ArrayList<>(lower);
    if (kind.asText().equals(NGRAM_ATTENTION)) {
      all.add(YamlFile.parse(NGRAM_DEFAULTS, ngramDefaults()));
    }
    return all;
  }

  /** Returns whether any file says something of a key below {@code model}. */
  private static boolean contains(List<YamlFile> layers, String key) {
    return layers.stream().anyMatch(layer -> layer.contains("model." + key));
  }

  /** Returns the commented defaults: every key; those of corpora in a comment. */
  public static String defaults() {
    return resource(DEFAULTS);
  }

  /** Returns the commented defaults that differ where a task names a pretrained encoder. */
  public static String encoderDefaults() {
    return resource(ENCODER_DEFAULTS);
  }

  /** Returns the commented defaults that differ for a network of kind ngram-attention. */
  public static String ngramDefaults() {
    return resource(NGRAM_DEFAULTS);
  }

  /** Returns the gate of a task whose file says nothing of it. */
  public static GateConfig defaultGate() {
    return defaultOf("gate", GateConfig.class);
  }

  /** Returns the division of a task whose file says nothing of it. */
  public static SplitConfig defaultSplit() {
    return defaultOf("split", SplitConfig.class);
  }

  private static <T> T defaultOf(String group, Class<T> type) {
    try {
      return MAPPER.treeToValue(layered(List.of(), List.of()).get(group), type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The defaults of '" + group + "' do not follow its rules", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = RunConfigs.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns the whole configuration with nothing left to be looked up, as YAML. It is published, so
   * it leaves out what may be a secret: hooks, which hold addresses of webhooks, and the values of
   * Spark's settings that are named as secrets are.
   */
  public static String resolved(RunConfig config) {
    try {
      return MAPPER.writeValueAsString(config.withoutSecrets());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write a configuration that was read", e);
    }
  }

  /**
   * Reads what {@link #resolved} wrote, also another version's: keys that it lacks have their
   * defaults.
   *
   * @return empty if this version does not know one of its keys, or not its value
   */
  static Optional<RunConfig> readResolved(String yaml) {
    try {
      YamlFile file = YamlFile.parse("config.yaml", yaml);
      return Optional.of(MAPPER.treeToValue(layered(List.of(), List.of(file)), RunConfig.class));
    } catch (JsonProcessingException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Returns the resolved configuration as a tree. */
  static JsonNode tree(RunConfig config) {
    return MAPPER.valueToTree(config.withoutSecrets());
  }

  /** Returns the SHA-256 of the resolved configuration: equal for equal configurations. */
  public static String hash(RunConfig config) {
    return Sha256.of(resolved(config));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new Failure.BadUsage(
          "No configuration at '%s'; name one with --config, or write one with: attune init"
              + " YOUR_FILE",
          file);
    } catch (IOException e) {
      throw new Failure.BadUsage("Cannot read the configuration '%s': %s", file, e.getMessage());
    }
  }

  /** Reads {@code a.b=c} as the file {@code a: {b: c}}, so that it is checked like one. */
  private static YamlFile override(String override) {
    int equals = override.indexOf('=');
    if (equals < 1) {
      throw new Failure.BadUsage(
          "--set %s: expected a key and a value, such as --set train.stopping.epochs=4", override);
    }
    String[] keys = override.substring(0, equals).strip().split("\\.", -1);
    StringBuilder yaml = new StringBuilder();
    for (int i = 0; i < keys.length; i++) {
      yaml.append("  ".repeat(i)).append(keys[i]).append(':');
      yaml.append(i < keys.length - 1 ? "\n" : " " + override.substring(equals + 1) + "\n");
    }
    YamlFile parsed = YamlFile.parse("--set " + override, yaml.toString());
    return new YamlFile(parsed.name(), parsed.values(), Map.of());
  }

  /** Returns the defaults with two groups of layers above them. */
  private static ObjectNode layered(List<YamlFile> lower, List<YamlFile> upper) {
    ObjectNode values = MAPPER.valueToTree(YamlFile.parse(DEFAULTS, defaults()).values());
    for (YamlFile layer : lower) {
      values = layered(values, layer);
    }
    for (YamlFile layer : upper) {
      values = layered(values, layer);
    }
    return values;
  }

  /** Returns the values with those of a layer above them. */
  private static ObjectNode layered(ObjectNode below, YamlFile layer) {
    JsonNode above = MAPPER.valueToTree(layer.values());
    if (above.has(HEADS)) {
      below.remove(HEADS); // replaced as a whole: another set of heads is another task
    }
    try {
      return MAPPER.readerForUpdating(below).readValue(above);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void resolvePaths(ObjectNode values, String folder, List<String> overrides) {
    resolve(values, "root", base("root", folder, overrides));
    if (values.path("root").isTextual()) {
      values.put("root", RootUri.canonical(values.get("root").textValue()));
    }
    if (values.get("model") instanceof ObjectNode model
        && EncoderChoice.isFolder(model.path(ENCODER).asText())) {
      resolve(model, ENCODER, base("model." + ENCODER, folder, overrides));
    }
    JsonNode tokenize = values.path("tokenize");
    resolveGiven(tokenize, TOKENIZER, base("tokenize." + TOKENIZER, folder, overrides));
    resolveGiven(
        tokenize.path("synonyms"), "file", base("tokenize.synonyms.file", folder, overrides));
    for (String key : List.of("annotations", "holidays")) {
      resolveGiven(
          values.path("monitor").path("surges"),
          key,
          base("monitor.surges." + key, folder, overrides));
    }
    for (JsonNode corpus : values.path("corpora")) {
      if (corpus instanceof ObjectNode object) {
        resolve(object, "path", folder);
      }
    }
  }

  /** Returns the folder that a key is relative to: the command's own where that gives the value. */
  private static String base(String key, String folder, List<String> overrides) {
    boolean fromCommand = overrides.stream().anyMatch(set -> set.startsWith(key + "="));
    return fromCommand ? "file://" + Path.of("").toAbsolutePath() : folder;
  }

  /** Resolves a path that may be left empty. */
  private static void resolveGiven(JsonNode section, String key, String folder) {
    if (section instanceof ObjectNode values && !values.path(key).asText().isEmpty()) {
      resolve(values, key, folder);
    }
  }

  private static void resolve(ObjectNode values, String key, String folder) {
    JsonNode path = values.get(key);
    if (path != null && path.isValueNode() && !path.isNull()) {
      values.put(key, absolute(folder, path.asText())); // a folder may be called 2024
    }
  }

  private static String absolute(String folder, String path) {
    if (path.startsWith("/") || path.matches("[a-zA-Z][a-zA-Z0-9+.-]*:.*")) {
      return path;
    }
    if (folder.startsWith("file:") && Deployment.isDriverInCluster()) {
      throw new Failure.BadUsage(
          "'%s' is relative to the configuration's folder, which the cluster does not see: the"
              + " driver runs on another host. Give an absolute URI, such as"
              + " hdfs://namenode/attune, or hdfs:///attune for the NameNode of the Hadoop"
              + " configuration",
          path);
    }
    // Keep the scheme: without it the path would refer to Hadoop's default file system.
    int root = folder.indexOf('/', folder.indexOf("://") + 3);
    return folder.substring(0, root) + Path.of(folder.substring(root)).resolve(path).normalize();
  }

  private static RunConfig map(ObjectNode values, List<YamlFile> layers) {
    try {
      return MAPPER.treeToValue(values, RunConfig.class);
    } catch (UnrecognizedPropertyException e) {
      throw ConfigErrors.unknownKey(e, layers);
    } catch (JsonMappingException e) {
      throw ConfigErrors.badValue(e, named(layers), values);
    } catch (JsonProcessingException e) {
      throw new Failure.BadUsage("%s: %s", named(layers).name(), e.getMessage());
    }
  }

  /** Returns the file under its name and that of all overrides: any of them may be the cause. */
  private static YamlFile named(List<YamlFile> layers) {
    YamlFile file = layers.get(0);
    String names = layers.stream().map(YamlFile::name).collect(Collectors.joining(" with "));
    return new YamlFile(names, file.values(), file.lines());
  }
}
