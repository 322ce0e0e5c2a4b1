package io.attune.pipeline.stage.train.teacher;

import java.util.List;

/**
 * Describes a teacher's answers to the rows of a run: {@code answers.json}; {@code
 * docs/formats/teacher.md} specifies it.
 *
 * @param version of this format
 * @param dataset SHA-256 of the dataset's index, which holds the hash of every shard
 * @param teacher version of the model
 * @param seal of its manifest
 * @param classes number of classes of each head
 */
record AnswerIndex(
    int version, String dataset, String teacher, String seal, List<Integer> classes) {
  static final String FILE_NAME = "answers.json";
  static final int VERSION = 1;

  AnswerIndex {
    classes = List.copyOf(classes);
  }
}
