package io.attune.neural.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.ProcessorKind;
import io.attune.neural.averaging.config.Device;
import io.attune.neural.averaging.exchange.Exchange;
import io.attune.neural.averaging.exchange.WithinJvm;
import io.attune.neural.averaging.plan.Assignment;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.worker.Rebatched;
import io.attune.neural.averaging.worker.Setup;
import io.attune.neural.averaging.worker.WorkerTask;
import io.attune.schemas.failure.Failure;
import java.util.Iterator;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;

/** Tests that a task of a round does identical work when it is run again. */
class RepeatedTaskTest {
  @Test
  void aTaskThatIsRunAgainDoesIdenticalWork() {
    ComputationGraph network = TestNetworks.network(new Adam(0.01));
    Setup setup =
        new Setup(
            "again",
            network.getConfiguration().toJson(),
            TestMasters.config(1, 4, 8).build(),
            Device.CPU,
            new WithinJvm(),
            null,
            null,
            List.of());
    NetworkState from = NetworkState.of(network);
    Exchange.Snapshot start = () -> from;
    Assignment assignment = assignment(0, 99, 40);

    NetworkState first = WorkerTask.train(setup, assignment, start, examples(40)).state();
    WorkerTask.train(setup, assignment(1, 7, 24), start, examples(24));
    NetworkState again = WorkerTask.train(setup, assignment, start, examples(40)).state();

    assertThat(again.parameters()).isEqualTo(first.parameters());
    assertThat(again.updater()).isEqualTo(first.updater());
    assertThat(again.iteration()).isEqualTo(first.iteration()).isEqualTo(5);
  }

  @Test
  void aTaskOnAnotherKindOfProcessorFailsRatherThanChangeTheModel() {
    Assignment elsewhere = assignment(3, 99, 8, "amd64 avx1024");
    Assignment here = assignment(3, 99, 8, "amd64 avx1024", ProcessorKind.here());

    here.requireProcessor(ProcessorKind.here(), "executor 1 on a");
    assertThatThrownBy(() -> WorkerTask.train(null, elsewhere, null, examples(8)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageStartingWith("Worker 3 ran on ")
        .hasMessageContaining(
            "whose processor is of the kind '%s', and the training began on"
                .formatted(ProcessorKind.here()))
        .hasMessageContaining("[amd64 avx1024]: the same rows would give another model")
        .hasMessageEndingWith("train.mixed-processors: true");
  }

  private static Assignment assignment(int worker, long seed, long units, String... processors) {
    return new Assignment(
        "again", 0, worker, seed, units, new Assignment.Clock(0, 1, 1), List.of(processors));
  }

  private static WorkerTask.Minibatches examples(int rows) {
    Iterator<MultiDataSet> batches =
        new Rebatched(List.<MultiDataSet>of(TestNetworks.examples(0, rows)).iterator(), 8);
    return new WorkerTask.Minibatches() {
      @Override
      public boolean hasNext() {
        return batches.hasNext();
      }

      @Override
      public MultiDataSet next() {
        return batches.next();
      }

      @Override
      public long unitsRead() {
        return rows;
      }
    };
  }
}
