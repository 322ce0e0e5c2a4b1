package io.attune.jobs.init;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.config.RunConfigs;
import io.attune.pipeline.stage.ingest.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.hadoop.conf.Configuration;

class AnyFileTest {
  @Property(tries = 60)
  void whatInitWritesIsAConfigurationThatMapsEachColumnOnce(@ForAll long seed) throws IOException {
    Path folder = Files.createTempDirectory("init");
    Path file = AnyFile.write(folder, seed);

    FirstConfig first = FirstConfig.of(List.of(file.toString()), null, new Configuration());
    Path yaml = Files.writeString(folder.resolve("any.yaml"), first.yaml(folder));
    RunConfig config = RunConfigs.load(yaml, List.of());

    Corpus.Columns columns = config.corpora().get(0).columns();
    assertThat(columns.text())
        .isIn(
            "text",
            "content",
            "review_body",
            "full_text",
            "comment",
            "message",
            "内容",
            "reviewText");
    assertThat(columns.labels()).hasSize(1);
    assertThat(config.heads().keySet()).isEqualTo(columns.labels().keySet());
    List<String> mapped = mapped(columns);
    assertThat(new HashSet<>(mapped)).hasSameSizeAs(mapped);
    assertThat(mapped).doesNotContain("url", "helpful_votes");
  }

  private static List<String> mapped(Corpus.Columns columns) {
    List<String> mapped = new java.util.ArrayList<>(columns.labels().values());
    for (String one :
        java.util.Arrays.asList(
            columns.id(),
            columns.title(),
            columns.text(),
            columns.publishedAt(),
            columns.source(),
            columns.language(),
            columns.split())) {
      if (one != null) {
        mapped.add(one);
      }
    }
    mapped.addAll(columns.entities());
    return mapped;
  }
}
