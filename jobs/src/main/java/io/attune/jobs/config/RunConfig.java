package io.attune.jobs.config;

import static io.attune.schemas.Requirements.require;

import io.attune.jobs.hooks.HooksConfig;
import io.attune.neural.network.ModelConfig;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.pipeline.dataset.Slices;
import io.attune.pipeline.encoder.EncoderChoice;
import io.attune.pipeline.input.Format;
import io.attune.pipeline.linear.LinearConfig;
import io.attune.pipeline.quality.Quality;
import io.attune.pipeline.split.SplitConfig;
import io.attune.pipeline.stage.clean.CleanConfig;
import io.attune.pipeline.stage.compare.GateConfig;
import io.attune.pipeline.stage.evaluate.EvaluateConfig;
import io.attune.pipeline.stage.ingest.Corpus;
import io.attune.pipeline.stage.ingest.IngestConfig;
import io.attune.pipeline.stage.monitor.MonitorConfig;
import io.attune.pipeline.stage.report.ReportConfig;
import io.attune.pipeline.stage.score.ScoreConfig;
import io.attune.pipeline.stage.shard.ShardConfig;
import io.attune.pipeline.stage.tokenize.TokenizeConfig;
import io.attune.pipeline.stage.train.Stopping;
import io.attune.pipeline.stage.train.TrainConfig;
import io.attune.pipeline.stage.train.data.Resample;
import io.attune.schemas.model.LabelSets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Holds the configuration of a task: one YAML file over the defaults.
 *
 * @param task its name, part of every path
 * @param root where everything is read and published, on any Hadoop file system
 * @param heads the label heads, each with its classes in order
 * @param hooks notifications of a night; not part of its identity
 * @param spark settings of the Spark session, such as {@code spark.executor.memory}
 */
public record RunConfig(
    String task,
    String root,
    Map<String, List<String>> heads,
    List<Corpus> corpora,
    IngestLimits ingest,
    CleanConfig clean,
    SplitConfig split,
    TokenizeConfig tokenize,
    ShardConfig shard,
    ModelConfig model,
    UpdaterConfig updater,
    LinearConfig linear,
    TrainConfig train,
    EvaluateConfig evaluate,
    GateConfig gate,
    ScoreConfig score,
    MonitorConfig monitor,
    ReportConfig report,
    HooksConfig hooks,
    Map<String, String> spark) {
  /**
   * Matches names of settings that hold secrets, and values that name one: {@code
   * spark.redaction.regex} of {@code conf/*.conf}.
   */
  static final Pattern SECRET =
      Pattern.compile(
          "(?i)secret|password|passwd|token|credential|access[.]?key"
              + "|(account|encryption|private)[.]key|[.]sas[.]|webhook");

  private static final String REDACTED = "*********(redacted)";

  private static final Pattern TASK = Pattern.compile("[a-z0-9][a-z0-9_-]*");

  /**
   * Limits what may be rejected, and decides about changed files; see {@link IngestConfig}.
   *
   * @param stopOn which differences from earlier nights end the night
   */
  public record IngestLimits(
      double maxRejectedShare,
      double maxUnknownLabelShare,
      long maxRejectsPerFile,
      long splitBytes,
      IngestConfig.WhenChanged whenChanged,
      Quality.StopOn stopOn) {}

  public RunConfig {
    require(
        task != null && isTask(task),
        "task must be lower-case letters, digits, '_' and '-', got '%s'",
        task);
    require(root != null && !root.isBlank(), "root must say where to publish");
    require(
        heads != null && !heads.isEmpty(),
        "heads must name at least one label head and its classes, such as"
            + " 'sentiment: [negative, neutral, positive]'");
    heads = immutableHeads(heads);
    if (model != null) {
      requireKnownClasses(model.classWeights(), heads);
      requireOneBalance(model, train);
      requireHead(train, heads);
      requireOwnShares(model, train, evaluate);
      requireOneVocabulary(model, tokenize);
    }
    requireSlices(corpora, evaluate, gate);
    requireKnownHeads(monitor, heads);
    hooks = hooks == null ? HooksConfig.NONE : hooks;
    spark = spark == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(spark));
  }

  private static Map<String, List<String>> immutableHeads(Map<String, List<String>> heads) {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    heads.forEach(
        (name, classes) -> {
          require(classes != null, "heads.%s must list its classes", name);
          copy.put(name, List.copyOf(classes));
        });
    return Collections.unmodifiableMap(copy);
  }

  private static void requireOneVocabulary(ModelConfig model, TokenizeConfig tokenize) {
    require(
        tokenize == null
            || tokenize.tokenizer().isEmpty()
            || EncoderChoice.of(model.encoder()).isNone(),
        "tokenize.tokenizer is for a vocabulary of the task's own, and model.encoder is %s, which"
            + " has a tokenizer; set model.encoder: none, or leave tokenize.tokenizer empty",
        model.encoder());
  }

  private static void requireOneBalance(ModelConfig model, TrainConfig train) {
    require(
        train == null || train.resample() == Resample.NONE || !model.balanceClasses(),
        "train.resample and model.balance-classes both make up for rare classes, which would count"
            + " twice; set train.resample: none, or model.balance-classes: false");
  }

  private static void requireOwnShares(
      ModelConfig model, TrainConfig train, EvaluateConfig evaluate) {
    require(
        train == null
            || evaluate == null
            || evaluate.prior() == EvaluateConfig.Prior.TRAINING
            || (train.resample() == Resample.NONE
                && !model.balanceClasses()
                && model.classWeights().isEmpty()),
        "evaluate.prior: estimated corrects for the shares of the train split, which"
            + " train.resample, model.balance-classes and model.class-weights change; set"
            + " evaluate.prior: training, or leave these out");
  }

  private static void requireHead(TrainConfig train, Map<String, List<String>> heads) {
    String head = train == null ? Stopping.OF_GATE : train.stopping().head();
    require(
        head.equals(Stopping.OF_GATE) || head.equals(Stopping.ALL_HEADS) || heads.containsKey(head),
        "train.stopping.head must be '%s', '%s' or one of the heads %s, got '%s'",
        Stopping.OF_GATE,
        Stopping.ALL_HEADS,
        heads.keySet(),
        head);
  }

  /** Checks that what the test split is sliced by is a column that documents keep. */
  private static void requireSlices(
      List<Corpus> corpora, EvaluateConfig evaluate, GateConfig gate) {
    if (evaluate == null || gate == null) {
      return;
    }
    List<String> columns = evaluate.slices().columns();
    if (corpora != null) {
      Set<String> kept = new TreeSet<>();
      corpora.forEach(corpus -> kept.addAll(corpus.columns().extra()));
      corpora.forEach(corpus -> kept.addAll(corpus.columns().entities()));
      require(
          kept.containsAll(columns),
          "evaluate.slices.columns names %s, and the corpora keep the columns %s; name more of them"
              + " in columns.extra",
          columns,
          kept);
    }
    for (String name : gate.mustNotLose()) {
      String slice = name.contains("=") ? name.substring(0, name.indexOf('=')) : name;
      require(
          Slices.COLUMNS.contains(slice) || columns.contains(slice),
          "gate.must-not-lose names the slice '%s', and the test split is sliced by %s and by"
              + " evaluate.slices.columns, %s",
          name,
          Slices.COLUMNS,
          columns);
    }
  }

  private static void requireKnownClasses(
      Map<String, Map<String, Double>> weights, Map<String, List<String>> heads) {
    for (Map.Entry<String, Map<String, Double>> head : weights.entrySet()) {
      List<String> classes = heads.get(head.getKey());
      require(
          classes != null,
          "model.class-weights names the head '%s', the heads are %s",
          head.getKey(),
          heads.keySet());
      require(
          classes.containsAll(head.getValue().keySet()),
          "model.class-weights.%s names %s, the head has the classes %s",
          head.getKey(),
          head.getValue().keySet(),
          classes);
    }
  }

  private static void requireKnownHeads(MonitorConfig monitor, Map<String, List<String>> heads) {
    if (monitor == null) {
      return;
    }
    Set<String> open = Set.of(MonitorConfig.AUTO, MonitorConfig.NONE);
    String sentiment = monitor.heads().sentiment();
    require(
        open.contains(sentiment) || heads.containsKey(sentiment),
        "monitor.heads.sentiment is '%s', the heads are %s",
        sentiment,
        heads.keySet());
    require(
        open.contains(monitor.heads().topic()) || heads.containsKey(monitor.heads().topic()),
        "monitor.heads.topic is '%s', the heads are %s",
        monitor.heads().topic(),
        heads.keySet());
    List<String> negative = monitor.heads().negative();
    require(
        negative.equals(List.of(MonitorConfig.AUTO))
            || !heads.containsKey(sentiment)
            || heads.get(sentiment).containsAll(negative),
        "monitor.heads.negative names %s, '%s' has the classes %s",
        negative,
        sentiment,
        heads.get(sentiment));
  }

  /** Returns whether a task may be called so: it names folders, and a namespace of tables. */
  public static boolean isTask(String name) {
    return TASK.matcher(name).matches();
  }

  private static boolean isSecret(String key, String value) {
    return SECRET.matcher(key).find() || SECRET.matcher(value).find();
  }

  /** Returns the identity of a night: without its notifications and without secrets. */
  RunConfig withoutSecrets() {
    Map<String, String> settings = new TreeMap<>(spark);
    settings.replaceAll((key, value) -> isSecret(key, value) ? REDACTED : value);
    return new RunConfig(
        task,
        RootUri.identity(root),
        heads,
        corpora,
        ingest,
        clean,
        split,
        tokenize,
        shard,
        model,
        updater,
        linear,
        train,
        evaluate,
        gate,
        score,
        monitor,
        report,
        HooksConfig.NONE,
        settings);
  }

  public IngestConfig ingestConfig() {
    return new IngestConfig(
        corpora,
        ingest.maxRejectedShare(),
        ingest.maxUnknownLabelShare(),
        ingest.maxRejectsPerFile(),
        ingest.splitBytes(),
        ingest.whenChanged());
  }

  /** Returns how to train: the epoch is chosen by the head that the gate goes by. */
  public TrainConfig trainConfig() {
    return train.goingBy(gate.head());
  }

  /** Returns the heads for which no corpus names a column of labels. */
  public List<String> unfilledHeads() {
    return heads.keySet().stream()
        .filter(
            head ->
                corpora == null
                    || corpora.stream()
                        .noneMatch(corpus -> corpus.columns().labels().containsKey(head)))
        .toList();
  }

  /** Returns what is followed, with the columns of entities and labels that the corpora name. */
  public MonitorConfig monitorConfig() {
    Map<String, String> labelColumns = new LinkedHashMap<>();
    corpora.stream()
        .filter(corpus -> corpus.format() != Format.TEXT_FOLDERS)
        .forEach(corpus -> corpus.columns().labels().forEach(labelColumns::putIfAbsent));
    return monitor
        .withEntitiesOf(
            corpora.stream()
                .flatMap(corpus -> corpus.columns().entities().stream())
                .distinct()
                .toList())
        .withLabelColumns(labelColumns);
  }

  public LabelSets labels() {
    return new LabelSets(
        heads.entrySet().stream()
            .map(head -> new LabelSets.Head(head.getKey(), head.getValue()))
            .toList());
  }
}
