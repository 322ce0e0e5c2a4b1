package io.attune.jobs.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.schemas.failure.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "nightly -c tasks/news.yaml --force, nightly -c news.yaml --force",
    "nightly --config tasks/news.yaml, nightly --config news.yaml",
    "nightly --config=tasks/news.yaml, nightly -c news.yaml",
    "-ctasks/news.yaml nightly, -c news.yaml nightly",
  })
  void configurationIsFoundHoweverItIsNamed(String words, String expected) throws Exception {
    Files.createFile(Files.createDirectory(folder.resolve("tasks")).resolve("news.yaml"));
    TaskFile task = TaskFile.in(List.of(words.split(" ", 0)), folder);

    assertThat(task.file()).contains("tasks/news.yaml");
    assertThat(String.join(" ", task.words())).isEqualTo(expected);
  }

  @Test
  void configurationOfTheFolderIsTakenWhereNoneIsNamed() throws Exception {
    assertThat(TaskFile.in(List.of("nightly"), folder).file()).isEmpty();
    Files.createFile(folder.resolve("attune.yaml"));
    TaskFile task = TaskFile.in(List.of("nightly"), folder);

    assertThat(task.file()).contains("attune.yaml");
    assertThat(task.words()).containsExactly("nightly");
  }

  @Test
  void configurationThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> TaskFile.in(List.of("nightly", "-c", "no.yaml"), folder))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessage(
            "there is no configuration 'no.yaml' to send to the cluster; name one with --config");
  }
}
