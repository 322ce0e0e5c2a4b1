package io.attune.pipeline.stage.train;

import static io.attune.pipeline.stage.train.TestTrainings.MODEL;
import static io.attune.pipeline.stage.train.TestTrainings.config;
import static io.attune.pipeline.stage.train.TestTrainings.model;
import static io.attune.pipeline.stage.train.TestTrainings.network;
import static io.attune.pipeline.stage.train.TestTrainings.night;
import static io.attune.pipeline.stage.train.TestTrainings.requireSame;
import static io.attune.pipeline.stage.train.TestTrainings.updater;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.CleanRows;
import io.attune.pipeline.Progress;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.encoder.EncoderChoice;
import io.attune.pipeline.split.SplitConfig;
import io.attune.pipeline.stage.shard.Shard;
import io.attune.pipeline.stage.shard.ShardConfig;
import io.attune.pipeline.stage.tokenize.Tokenize;
import io.attune.pipeline.stage.tokenize.TokenizeConfig;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LongTexts;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.model.RunSynonyms;
import io.attune.schemas.report.TrainingRecord;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Split;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests training on documents and their copies with synonyms. */
class SynonymTrainingTest {
  private static final LabelSets.Head TOPIC = TestDataset.LABELS.heads().get(0);

  @TempDir Path folder;
  private TokenizeConfig.SynonymCopies copies;

  @BeforeEach
  void writeList() throws IOException {
    Path list = Files.writeString(folder.resolve("list.txt"), "good,fine\nbad,poor\n");
    copies = new TokenizeConfig.SynonymCopies(list.toString(), 1, 1, 1);
  }

  /** Publishes the dataset of a hundred documents, each of which has a copy if it is trained on. */
  private void publish(StageContext context) {
    CleanRows rows = new CleanRows();
    List<TestDataset.Document> documents = TestDataset.documents(100, 1);
    for (int number = 0; number < documents.size(); number++) {
      TestDataset.Document document = documents.get(number);
      rows.add(
          "d" + number,
          Map.of(
              Documents.TEXT,
              document.text() + " " + number,
              Documents.LABELS,
              Map.of("topic", TOPIC.classes().get(document.topic()))));
    }
    context.tables().replaceRun(CleanDocuments.SCHEMA, TestNight.RUN.id(), rows.table());
    var unused =
        List.of(
            Tokenize.run(
                context,
                new TokenizeConfig(
                    80, 12, true, 2, 8, LongTexts.Keep.HEAD_AND_TAIL, 0, 1, "", copies),
                new SplitConfig(SplitConfig.By.HASH, 0.2, 0.2, 1, null),
                new LabelSets(List.of(TOPIC)),
                EncoderChoice.NONE),
            Shard.run(context, new ShardConfig(2048, 3)));
  }

  @Test
  void aKilledTrainingOnCopiesGoesOnToTheBitAndRecordsThem(
      @TempDir Path root, @TempDir Path other) {
    StageContext whole = night(root, Progress.SILENT);
    publish(whole);
    StageResult unbroken = TestTrainings.train(whole, config(2, 3), model(), updater(), "");

    publish(night(other, Progress.SILENT));
    StageContext killed = night(other, TestTrainings.killing(150));
    assertThatThrownBy(() -> TestTrainings.train(killed, config(2, 3), model(), updater(), ""))
        .hasMessage("killed");
    StageContext context = night(other, Progress.SILENT);
    TestTrainings.train(context, config(2, 3), model(), updater(), "");

    requireSame(network(context), network(whole));
    TrainingRecord record =
        context.storage().readJson(MODEL + "/" + ModelBundle.TRAINING, TrainingRecord.class);
    ShardIndex index =
        context.storage().readJson(TestNight.RUN.dataset() + "/index.json", ShardIndex.class);
    RunSynonyms made = record.synonyms();
    assertThat(record.resumes()).isEqualTo(1);
    assertThat(made.groups()).isEqualTo(2);
    assertThat(made.copies()).isEqualTo(index.texts(Split.TRAIN));
    assertThat(index.rows(Split.TRAIN)).isEqualTo(2 * index.texts(Split.TRAIN));
    assertThat(index.rows(Split.TEST)).isEqualTo(index.texts(Split.TEST));
    assertThat(unbroken.counts()).containsEntry("rowsTrained", 3 * index.rows(Split.TRAIN));
    assertThat(context.storage().read(MODEL + "/" + ModelBundle.CARD))
        .asString(StandardCharsets.UTF_8)
        .contains(
            " A row is a document, or one of %d copies of training documents with %d words"
                .formatted(made.copies(), made.wordsReplaced()));
  }
}
