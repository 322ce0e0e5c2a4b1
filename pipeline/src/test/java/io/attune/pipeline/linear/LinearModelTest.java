package io.attune.pipeline.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LinearModelTest {
  private static final LinearConfig CONFIG = new LinearConfig(10, 2, 1 << 20, 200_000);
  private static final List<TestTexts.Document> DOCUMENTS = TestTexts.documents(200, 1);

  private static LinearModel model;

  @BeforeAll
  static void fitOnce() {
    model = LinearModel.fit(TestTexts.counted(DOCUMENTS, 3), TestTexts.LABELS, CONFIG);
  }

  @Test
  void weighsNgramsAsTfIdfDoes() {
    List<String> texts = List.of("good good film", "bad film", "good end, end", "bad bad bad", "");
    List<TestTexts.Document> documents =
        texts.stream().map(text -> new TestTexts.Document("", text, new int[0])).toList();
    NgramVectors features = TestTexts.features(documents, 2);
    List<Map<String, Double>> slow =
        SlowNgrams.vectors(texts.stream().map(SlowNgrams::words).toList(), 2);

    for (int i = 0; i < texts.size(); i++) {
      float[] values = features.of(documents.get(i).counted()).values();
      Arrays.sort(values);
      assertThat(values)
          .usingComparatorWithPrecision(1e-6f)
          .containsExactly(floats(slow.get(i).values().stream().sorted().toList()));
    }
  }

  @Test
  void keepsTheMostFrequentNgrams() {
    NgramVectors all = NgramVectors.of(counts(), 9, 100);
    NgramVectors two = NgramVectors.of(counts(), 9, 2);

    assertThat(all.ngrams()).containsExactly(7, -5, 3, 8); // frequent first, then by hash
    assertThat(two.ngrams()).containsExactly(7, -5);
    assertThat(two.weights()).containsExactly(Arrays.copyOf(all.weights(), 2));
  }

  private static DocumentCounts counts() {
    return new DocumentCounts(new long[] {3, 8, 7, -5}, new int[] {2, 2, 9, 2});
  }

  @Test
  void learnsWhatTheTextsSay() {
    List<TestTexts.Document> others = TestTexts.documents(100, 2);
    float[][][] answers =
        model.probabilities(others.stream().map(TestTexts.Document::text).toList());
    int right = 0;
    for (int i = 0; i < answers.length; i++) {
      float[] topics = answers[i][0];
      assertThat(topics).hasSize(4);
      assertThat(answers[i][1]).hasSize(2);
      assertThat(topics[2]).isZero(); // no text of this class
      assertThat(topics[0] + topics[1] + topics[3]).isCloseTo(1, within(1e-5f));
      assertThat(answers[i][1][0] + answers[i][1][1]).isCloseTo(1, within(1e-6f));
      int label = others.get(i).labels()[0];
      right += topics[label] >= Math.max(topics[0], Math.max(topics[1], topics[3])) ? 1 : 0;
    }
    assertThat(right).isGreaterThan(80);
  }

  /** Tests that the distribution of the rows does not change a bit, as tasks end in any order. */
  @Test
  void learnsTheSameBitsHoweverTheRowsAreSpread() {
    List<TestTexts.Document> shuffled = new ArrayList<>(DOCUMENTS);
    Collections.shuffle(shuffled, new Random(9));
    for (int partitions : new int[] {1, 5}) {
      LinearModel again =
          LinearModel.fit(TestTexts.counted(shuffled, partitions), TestTexts.LABELS, CONFIG);
      assertThat(Arrays.mismatch(again.toBytes(), model.toBytes())).isEqualTo(-1);
    }
  }

  @Test
  void answersTheOnlyClassAndNothingForAHeadWithoutLabels() {
    List<TestTexts.Document> documents =
        DOCUMENTS.stream()
            .map(d -> new TestTexts.Document(d.id(), d.text(), new int[] {3, -1}))
            .toList();

    LinearModel constant =
        LinearModel.fit(TestTexts.counted(documents, 2), TestTexts.LABELS, CONFIG);

    LinearModel read = LinearModel.read(constant.toBytes(), "there");
    for (LinearModel each : List.of(constant, read)) {
      float[][] answer = each.probabilities(List.of("anything")).clone()[0];
      assertThat(answer[0]).containsExactly(0f, 0f, 0f, 1f);
      assertThat(answer[1]).isNull();
    }
  }

  @Test
  void answersTextsWithoutAnyKnownNgram() {
    for (float[][] answer : model.probabilities(List.of("", "???", "\ud800", "unheard"))) {
      assertThat(answer[0][0] + answer[0][1] + answer[0][3]).isCloseTo(1, within(1e-5f));
    }
    assertThat(model.probabilities(List.of())).isEmpty();
  }

  @Test
  void aFileReadsAsTheModelThatWasWritten() {
    byte[] bytes = model.toBytes();

    LinearModel read = LinearModel.read(bytes, "there").requireAnswers(TestTexts.LABELS, "there");

    List<String> texts = DOCUMENTS.stream().map(TestTexts.Document::text).toList();
    assertThat(read.probabilities(texts)).isDeepEqualTo(model.probabilities(texts));
    assertThat(read.toBytes()).isEqualTo(bytes);
    assertThat(read.parameters()).isEqualTo(4L * (model.features().size() + 1));
  }

  @Test
  void refusesAModelOfOtherHeads() {
    LabelSets other = new LabelSets(List.of(new Head("mood", List.of("down", "up"))));

    assertThatThrownBy(() -> model.requireAnswers(other, "linear.bin"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("answers heads of [4, 2] classes")
        .hasMessageContaining("have [2]");
  }

  @Test
  void refusesBytesThatAreNoLinearPart() {
    byte[] bytes = model.toBytes();

    refuses(new byte[0], "does not start with 'ATLN'");
    refuses("a text of some length".getBytes(java.nio.charset.StandardCharsets.UTF_8), "ATLN");
    refuses(with(bytes, 4, 2), "version 2 of the format, and this Attune reads 1");
    refuses(with(bytes, 8, Integer.MAX_VALUE), "claims 2147483647 features");
    refuses(with(bytes, 8, -1), "claims -1 features");
    refuses(with(bytes, 12, 1 << 20), "claims 1048576 heads");
    int firstHead = 16 + 12 * model.features().size();
    refuses(with(bytes, firstHead, 1), "head 0 has 1 classes");
    refuses(with(bytes, firstHead + 4, 5), "head 0 has 4 classes, 5 of them seen");
    refuses(with(bytes, firstHead + 8, 1), "do not rise");
    refuses(with(bytes, firstHead + 20, 0x7ff00000), "an intercept of head 0 is not");
    refuses(with(bytes, 16 + 8 * model.features().size(), 0x7fc00000), "not a finite number");
    refuses(twice(bytes), "is there twice");
    refuses(Arrays.copyOf(bytes, bytes.length + 1), "1 bytes follow");
    for (int size = 0; size < bytes.length; size += 97) {
      refuses(Arrays.copyOf(bytes, size), "is not a linear part of a model");
    }
  }

  /** Tests that flipped bytes are refused or read, and never end in another failure. */
  @Test
  void survivesRandomDamage() {
    Random random = new Random(4);
    for (int i = 0; i < 500; i++) {
      byte[] damaged = model.toBytes();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        damaged[random.nextInt(i % 2 == 0 ? 64 : damaged.length)] = (byte) random.nextInt();
      }
      try {
        LinearModel.read(damaged, "there").probabilities(List.of("good bank"));
      } catch (Failure.BadInput e) {
        assertThat(e).hasMessageContaining("'there' is not a linear part of a model");
      }
    }
  }

  private static void refuses(byte[] bytes, String message) {
    assertThatThrownBy(() -> LinearModel.read(bytes, "models/1/linear.bin"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("models/1/linear.bin")
        .hasMessageContaining(message);
  }

  private static byte[] with(byte[] bytes, int place, int value) {
    byte[] changed = bytes.clone();
    ByteBuffer.wrap(changed).putInt(place, value);
    return changed;
  }

  private static byte[] twice(byte[] bytes) {
    byte[] changed = bytes.clone();
    System.arraycopy(changed, 16, changed, 24, 8);
    return changed;
  }

  private static float[] floats(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }
}
