package io.attune.pipeline.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SteadySpeedTest {
  private static double of(double... times) {
    Iterator<Double> next = DoubleStream.of(times).iterator();
    double found = SteadySpeed.seconds(next::next);
    assertThat(next).as("times that were not measured").isExhausted();
    return found;
  }

  @Test
  void isTheLeastTimeOnceItGetsNoLessTwice() {
    assertThat(of(5, 5, 4.9)).isEqualTo(4.9);
    assertThat(of(90, 40, 10, 11, 5, 5, 5.1)).isEqualTo(5);
  }

  @Test
  void isMeasuredALimitedNumberOfTimes() {
    AtomicInteger times = new AtomicInteger();

    SteadySpeed.seconds(() -> Math.pow(0.5, times.incrementAndGet()));

    assertThat(times).hasValue(12);
  }
}
