package io.attune.jobs.init;

import io.attune.jobs.init.Draft.Part;
import io.attune.jobs.init.Finding.Role;
import io.attune.pipeline.encoder.KnownEncoder;
import io.attune.pipeline.figure.Figures;
import io.attune.pipeline.input.value.LabelText;
import io.attune.pipeline.input.value.PublishedAt;
import io.attune.pipeline.text.LanguageMix;
import io.attune.schemas.model.RunLanguages;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Writes a draft as a commented configuration. */
final class ConfigTemplate {
  private static final List<Role> SINGLE =
      List.of(
          Role.ID,
          Role.TITLE,
          Role.TEXT,
          Role.PUBLISHED_AT,
          Role.SOURCE,
          Role.LANGUAGE,
          Role.SPLIT);

  private final Draft draft;
  private final Path folder;
  private final Yaml yaml = new Yaml();

  private ConfigTemplate(Draft draft, Path folder) {
    this.draft = draft;
    this.folder = folder;
  }

  /**
   * Writes the YAML.
   *
   * @param folder that it will lie in, absolute: paths below it are written relative to it
   */
  static String of(Draft draft, Path folder) {
    ConfigTemplate template = new ConfigTemplate(draft, folder);
    template.head();
    template.heads();
    template.yaml.blank().raw(0, "corpora:");
    draft.parts().forEach(template::corpus);
    template.rest();
    return template.yaml.toString();
  }

  private void head() {
    long records = draft.parts().stream().mapToLong(part -> part.source().table().total()).sum();
    yaml.comment(
            0,
            "Written by attune init from %,d records: read it, correct what was guessed wrong, then run"
                .formatted(records))
        .raw(0, "#   attune nightly -c THIS_FILE")
        .comment(0, "Relative paths are relative to this file. Any Hadoop URI works as well.");
    List<String> doubts = draft.doubts();
    if (!doubts.isEmpty()) {
      yaml.raw(0, "#").comment(0, "Please check:");
      doubts.forEach(doubt -> yaml.comment(0, "- " + doubt));
    }
    yaml.line(0, "task", draft.task()).line(0, "root", "build/" + draft.task());
  }

  private void heads() {
    yaml.blank()
        .comment(
            0,
            "The label heads: the questions that each text is asked, with their classes in order.")
        .raw(0, "heads:");
    if (draft.heads().isEmpty()) {
      yaml.comment(1, "No column looked like a label (few values that repeat); name yours:")
          .raw(1, "sentiment: [negative, neutral, positive]");
    }
    draft
        .heads()
        .forEach(
            (name, classes) -> {
              yaml.comment(1, classes.described());
              yaml.raw(1, Yaml.scalar(name) + ": " + Yaml.list(classes.names()));
            });
  }

  private void corpus(Part part) {
    yaml.raw(1, "- name: " + Yaml.scalar(part.corpus()))
        .comment(2, "{date} in the path stands for a night: data/{date}/reviews.csv")
        .line(2, "path", path(part.source().path()));
    part.source()
        .layout()
        .forEach((key, value) -> yaml.raw(2, key + ": " + layoutValue(key, value)));
    part.source().notes().forEach(note -> yaml.comment(2, note));
    part.split().ifPresent(split -> yaml.line(2, "split", split.word()));
    if (part.columns().column(Role.LANGUAGE).isEmpty()) {
      part.language().ifPresent(language -> yaml.line(2, "language", language));
    }
    yaml.comment(2, "The columns: " + Figures.firstQuoted(part.source().table().columns()))
        .raw(2, hasColumns(part) ? "columns:" : "columns: {}");
    if (part.source().folders()) {
      yaml.comment(3, "Id and text are the file's path and content.");
    }
    for (Role role : SINGLE) {
      single(part, role);
    }
    labels(part);
    List<String> entities = part.columns().columns(Role.ENTITY);
    if (!entities.isEmpty()) {
      yaml.raw(3, "entities: " + Yaml.list(entities));
    }
    part.columns()
        .leftOut()
        .forEach((why, columns) -> yaml.comment(3, "left out: %s, %s".formatted(columns, why)));
    labelValues(part);
  }

  /** Returns whether a column is written: of folders of texts, id and text are not. */
  private static boolean hasColumns(Part part) {
    return part.columns().findings().stream()
        .anyMatch(
            finding ->
                finding.role() != Role.LEFT_OUT
                    && !(part.source().folders()
                        && (finding.role() == Role.ID || finding.role() == Role.TEXT)));
  }

  /** Numbers and booleans stand as they are. */
  private static String layoutValue(String key, String value) {
    return key.equals("header") || key.equals("skip-lines") ? value : Yaml.scalar(value);
  }

  private void single(Part part, Role role) {
    Optional<String> column = part.columns().column(role);
    if (column.isEmpty() || (part.source().folders() && (role == Role.ID || role == Role.TEXT))) {
      return;
    }
    question(part, role, column.get());
    yaml.line(3, role.key(), column.get());
    if (role == Role.PUBLISHED_AT) {
      String form = part.columns().dates().orElseThrow().form();
      if (!form.equals(PublishedAt.AUTO)) {
        yaml.line(3, "date-form", form);
      }
      yaml.comment(3, "Dates that name no zone are read as UTC; zone: Asia/Shanghai is another.");
    }
  }

  private void question(Part part, Role role, String column) {
    String doubt = part.columns().doubt(role, column);
    yaml.comment(3, doubt.isEmpty() ? "" : "Please check: " + doubt);
  }

  private void labels(Part part) {
    Map<String, Heads.Head> heads = part.columns().heads();
    if (heads.isEmpty()) {
      return;
    }
    heads.values().forEach(head -> question(part, Role.LABEL, head.column()));
    yaml.raw(3, "labels:");
    heads.forEach((name, head) -> yaml.line(4, name, head.column()));
    if (!part.source().unlabelled().isEmpty()) {
      List<String> words = new ArrayList<>(LabelText.NULL_WORDS);
      words.addAll(part.source().unlabelled());
      yaml.raw(3, "null-words: " + Yaml.list(words));
    }
  }

  private void labelValues(Part part) {
    boolean none =
        part.columns().heads().values().stream()
            .allMatch(head -> head.classes().spellings().isEmpty());
    if (none) {
      return;
    }
    yaml.comment(
            2, "Other spellings of the classes; case, blanks and 5.0 for 5 are understood anyway.")
        .raw(2, "label-values:");
    part.columns()
        .heads()
        .forEach(
            (name, head) -> {
              if (!head.classes().spellings().isEmpty()) {
                yaml.raw(3, Yaml.scalar(name) + ": " + Yaml.map(head.classes().spellings()));
              }
            });
  }

  private void rest() {
    yaml.blank()
        .comment(0, draft.splitReason())
        .raw(0, "split:")
        .line(1, "by", draft.byTime() ? "time" : "hash")
        .blank();
    yaml.comment(0, network())
        .blank()
        .comment(0, "Every other key has a default; attune init --defaults prints them all.");
  }

  /** Says what the network will start from, by the languages of all corpora. */
  private String network() {
    SortedMap<String, Double> languages = draft.languages();
    if (languages.size() > 1) {
      return "The texts are in several languages (%s), and a pretrained encoder is for one: the network"
              .formatted(new RunLanguages(languages).describe())
          + " has a vocabulary of its own. One that you have for all of them: model: {encoder:"
          + " FOLDER}";
    }
    Optional<KnownEncoder> encoder = LanguageMix.main(languages).flatMap(KnownEncoder::ofLanguage);
    return encoder.isPresent()
        ? "The network starts from the pretrained encoder '%s', of which more is in docs/ENCODERS.md;"
                .formatted(encoder.get().name())
            + " with 'model: {encoder: none}' it has a vocabulary of its own."
        : "There is no pretrained encoder for texts like these: the network has a"
            + " vocabulary of its own. One that you have: model: {encoder: FOLDER}";
  }

  private String path(String given) {
    if (given.matches("[a-zA-Z][a-zA-Z0-9+.-]+:.*")) {
      return given;
    }
    Path absolute = Path.of(given).toAbsolutePath().normalize();
    Path base = folder.normalize();
    if (!absolute.startsWith(base) || absolute.equals(base)) {
      return absolute.toString();
    }
    Path relative = base.relativize(absolute);
    // What is before a colon would be read as a file system.
    return relative.getName(0).toString().contains(":") ? absolute.toString() : relative.toString();
  }
}
