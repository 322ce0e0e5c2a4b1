package io.attune.pipeline.stage.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.plan.RowRange;
import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Precision;
import io.attune.neural.layer.StandaloneEncoder;
import io.attune.neural.pretrained.PretrainedEncoder;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.encoder.EncoderArtefact;
import io.attune.pipeline.stage.train.TestDataset;
import io.attune.pipeline.stage.train.TestEncoder;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.shard.ShardIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

class StatesTest {
  private static final BatchLimits LIMITS = new BatchLimits(8, 512);

  @TempDir Path root;

  private StageContext context;
  private EncoderArtefact encoder;
  private StateInputs states;

  /** Computes the vectors of a small dataset after a number of blocks. */
  private void compute(int blocks) {
    compute(blocks, null);
  }

  private void compute(int blocks, Pooling pooling) {
    context = TestNight.in(root);
    encoder =
        TestEncoder.publish(context, TestDataset.documents(90, 1), TestDataset.documents(20, 2));
    states = states(blocks, pooling).inputs();
  }

  private States states(int blocks) {
    return states(blocks, null);
  }

  private States states(int blocks, Pooling pooling) {
    return states(blocks, pooling, BackendChoice.AUTO);
  }

  private States states(int blocks, Pooling pooling, BackendChoice backend) {
    String path = TestNight.RUN.dataset();
    StemReference stem =
        new StemReference(
            encoder.reference(context.spark().sparkContext()),
            blocks,
            pooling,
            backend,
            Precision.FLOAT32);
    return new States(
        context,
        new States.Source(
            context.storage().resolve(path).toString(),
            "0".repeat(64),
            context.storage().readJson(path + "/" + ShardIndex.FILE_NAME, ShardIndex.class),
            stem,
            TestEncoder.WIDTH,
            context.recorder().record("train", Map.of())));
  }

  /** Returns the minibatches of some rows of the train split, in an order of their own. */
  private List<MultiDataSet> minibatches(RowInputs inputs) throws Exception {
    String folder = context.storage().resolve(TestNight.RUN.dataset()) + "/shards/";
    List<RowRange> ranges =
        List.of(
            new RowRange(folder + "train-00001.parquet", 3, 41, 17),
            new RowRange(folder + "train-00000.parquet", 0, 45, 18));
    ShardLoader loader =
        new ShardLoader(
            new SerializableConfiguration(new Configuration()), TestDataset.LABELS, inputs, 6);
    List<MultiDataSet> all = new ArrayList<>();
    Iterator<MultiDataSet> batches = loader.minibatches(ranges, LIMITS, 5);
    batches.forEachRemaining(all::add);
    return all;
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1 << 20})
  void givesTheVectorsOfTheSameRowsInTheSameOrderFromMemoryOrFromFiles(long memory)
      throws Exception {
    compute(2);
    long before = StateCache.limitTo(memory);
    try {
      List<MultiDataSet> ofTokens = minibatches(new TokenInputs());
      List<MultiDataSet> ofVectors = minibatches(states);

      assertThat(ofVectors).hasSameSizeAs(ofTokens).hasSizeGreaterThan(9);
      for (int i = 0; i < ofTokens.size(); i++) {
        MultiDataSet tokens = ofTokens.get(i);
        MultiDataSet vectors = ofVectors.get(i);
        assertThat(vectors.getLabels()).isEqualTo(tokens.getLabels());
        assertThat(vectors.getLabelsMaskArrays()).isEqualTo(tokens.getLabelsMaskArrays());
        assertThat(vectors.getFeaturesMaskArray(0)).isEqualTo(tokens.getFeaturesMaskArray(0));
        requireVectorsOf(TestEncoder.encoder().stem(2), tokens, vectors);
      }
    } finally {
      StateCache.limitTo(before);
    }
  }

  /** Compares with what the encoder makes of the tokens at once. */
  private static void requireVectorsOf(
      PretrainedEncoder encoder, MultiDataSet tokens, MultiDataSet vectors) {
    StandaloneEncoder running =
        new StandaloneEncoder(
            encoder.shape(), Nd4j.createFromArray(encoder.parameters()), BackendChoice.AUTO);
    INDArray found = vectors.getFeatures(0);
    int rows = (int) found.size(0);
    int time = (int) found.size(2);
    assertThat(found.shape()).containsExactly(rows, TestEncoder.WIDTH, time);
    for (int row = 0; row < rows; row++) {
      int length = tokens.getFeaturesMaskArray(0).getRow(row).sumNumber().intValue();
      int[] ids = new int[length];
      for (int i = 0; i < length; i++) {
        ids[i] = tokens.getFeatures(0).getInt(row, i);
      }
      float[] expected = running.encode(List.of(ids))[0];
      for (int i = 0; i < time * TestEncoder.WIDTH; i++) {
        float value = i < expected.length ? expected[i] : 0;
        assertThat(found.getFloat(row, i % TestEncoder.WIDTH, i / TestEncoder.WIDTH))
            .isEqualTo(value, within(Math.abs(value) * 0x1p-10f + 1e-6f));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MEAN", "FIRST"})
  void givesOnePooledVectorForEachRow(Pooling pooling) throws Exception {
    compute(TestEncoder.BLOCKS, pooling);
    PretrainedEncoder whole = TestEncoder.encoder().pooledBy(pooling);

    List<MultiDataSet> ofTokens = minibatches(new TokenInputs());
    List<MultiDataSet> ofVectors = minibatches(states);

    assertThat(ofVectors).hasSameSizeAs(ofTokens).hasSizeGreaterThan(9);
    for (int i = 0; i < ofTokens.size(); i++) {
      MultiDataSet vectors = ofVectors.get(i);
      assertThat(vectors.getLabels()).isEqualTo(ofTokens.get(i).getLabels());
      assertThat(vectors.getFeatures(0).size(2)).isEqualTo(1);
      assertThat(vectors.getFeaturesMaskArray(0).minNumber().intValue()).isEqualTo(1);
      requireVectorsOf(whole, ofTokens.get(i), vectors);
    }
    assertThat(states(TestEncoder.BLOCKS).inputs()).isNotEqualTo(states);
  }

  @Test
  void computesThemOnceForADatasetAnEncoderAndADepth() throws Exception {
    compute(2);
    Path folder = root.resolve(TestNight.RUN.folder()).resolve("states");
    Object written = Files.getLastModifiedTime(folder.resolve("states.json"));
    byte[] bytes = Files.readAllBytes(folder.resolve("train-00000-00000.f16"));

    assertThat(states(2).inputs()).isEqualTo(states);
    assertThat(Files.getLastModifiedTime(folder.resolve("states.json"))).isEqualTo(written);

    assertThat(states(2, null, BackendChoice.ND4J).inputs()).isNotEqualTo(states);
    assertThat(Files.readString(folder.resolve("states.json"))).contains("\"ND4J\"");

    assertThat(states(1).inputs()).isNotEqualTo(states);
    assertThat(Files.readAllBytes(folder.resolve("train-00000-00000.f16")))
        .hasSameSizeAs(bytes)
        .isNotEqualTo(bytes);

    states(1).retire();
    assertThat(folder).doesNotExist();
  }

  @Test
  void aFileThatCannotBeReadTakesNoRoom() throws Exception {
    compute(0);
    StateCache.clear();
    Path file =
        root.resolve(TestNight.RUN.folder()).resolve("states").resolve("train-00001-00000.f16");
    byte[] damaged = Files.readAllBytes(file);
    damaged[7] ^= 1; // its checksum differs: reading fails
    Files.write(file, damaged);
    StateCache.StateFile read =
        StateCache.open(states, file.getFileName().toString(), new Configuration());

    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> read.copy(0, new float[1], 0, 1)).isInstanceOf(IOException.class);
      assertThat(StateCache.held()).isZero();
    }
  }

  @Test
  void aFileThatIsTooShortIsNamed() throws Exception {
    compute(0);
    Path file =
        root.resolve(TestNight.RUN.folder()).resolve("states").resolve("train-00001-00000.f16");
    Files.write(file, new byte[64]);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));

    assertThatThrownBy(() -> minibatches(states))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("train-00001-00000.f16' has 32 values, its shard needs at least");
  }
}
