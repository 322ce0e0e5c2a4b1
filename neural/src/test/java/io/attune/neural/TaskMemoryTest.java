package io.attune.neural;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class TaskMemoryTest {

  @Test
  void saysWhatToChangeWhereJavaCppAllowsNoMore() {
    long tooMuch = Pointer.maxBytes() / Float.BYTES + 1;

    assertThatThrownBy(() -> TaskMemory.guarded(() -> new FloatPointer(tooMuch)))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("%d MiB", Pointer.maxBytes() >> 20)
        .hasMessageContaining("train.batch.tokens")
        .hasMessageContaining("org.bytedeco.javacpp.maxbytes")
        .hasNoCause(); // or Spark would end the JVM
  }

  @Test
  void saysWhatToChangeWhereTheHeapIsTooSmall() {
    assertThatThrownBy(
            () ->
                TaskMemory.guarded(
                    () -> {
                      throw new OutOfMemoryError("Java heap space");
                    }))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("The Java heap of")
        .hasMessageContaining("spark.executor.memory")
        .hasNoCause();
  }

  @Test
  void findsTheLackOfMemoryInAnExceptionThatItCaused() {
    assertThatThrownBy(
            () ->
                TaskMemory.guarded(
                    () -> {
                      throw new IllegalStateException(
                          "Error during neural network forward pass",
                          new OutOfMemoryError("totalBytes = 6027M"));
                    }))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("outside the Java heap")
        .hasNoCause();
  }

  @Test
  void leavesResultsAndOtherExceptionsAsTheyAre() {
    assertThat(TaskMemory.guarded(() -> 3)).isEqualTo(3);
    assertThatThrownBy(
            () ->
                TaskMemory.guarded(
                    () -> {
                      throw new IOException("of the work");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("of the work");
    IllegalStateException other = new IllegalStateException("of DL4J", new IOException("disk"));
    assertThatThrownBy(
            () ->
                TaskMemory.guarded(
                    () -> {
                      throw other;
                    }))
        .isSameAs(other);
  }
}
