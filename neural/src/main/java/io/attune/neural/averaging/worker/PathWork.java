package io.attune.neural.averaging.worker;

import io.attune.neural.averaging.exchange.Exchange;
import io.attune.neural.averaging.exchange.TaskRdd;
import io.attune.neural.averaging.exchange.Trained;
import io.attune.neural.averaging.plan.Assignment;
import io.attune.neural.averaging.plan.RoundPlan;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Trains files of one data set each, as DL4J exports them; none is cut between workers. */
public record PathWork(
    JavaSparkContext spark, Broadcast<Setup> setup, List<String> paths, RoundPlan plan)
    implements Work {

  private record Task(
      Broadcast<Setup> setup, Exchange.Snapshot start, Assignment assignment, List<String> paths)
      implements TaskRdd.Task {
    private static final long serialVersionUID = 1;

    @Override
    public Trained run() {
      return WorkerTask.train(
          setup.value(), assignment, start, new Files(setup.value(), paths.iterator()));
    }
  }

  @Override
  public long rowsIn(int round) {
    return UNKNOWN;
  }

  @Override
  public JavaRDD<Trained> tasks(int round, Exchange.Snapshot start, List<Assignment> assignments) {
    List<TaskRdd.Task> tasks = new ArrayList<>();
    for (Assignment assignment : assignments) {
      int from = (int) plan.from(round, assignment.worker());
      int to = (int) plan.to(round, assignment.worker());
      tasks.add(new Task(setup, start, assignment, new ArrayList<>(paths.subList(from, to))));
    }
    return TaskRdd.of(spark, tasks);
  }

  @Override
  public void close() {}

  /** Loads a file when its turn comes; one with more rows than a minibatch may have is cut. */
  private static final class Files implements WorkerTask.Minibatches {
    private final Setup setup;
    private final Iterator<String> paths;
    private Iterator<MultiDataSet> current = Collections.emptyIterator();
    private long read;

    Files(Setup setup, Iterator<String> paths) {
      this.setup = setup;
      this.paths = paths;
    }

    @Override
    public boolean hasNext() {
      while (!current.hasNext() && paths.hasNext()) {
        MultiDataSet loaded = load(paths.next());
        read++;
        current = new Rebatched(List.of(loaded).iterator(), setup.config().batch().rows());
      }
      return current.hasNext();
    }

    @Override
    public MultiDataSet next() {
      return current.next();
    }

    @Override
    public long unitsRead() {
      return read;
    }

    private MultiDataSet load(String path) {
      Source source = new HadoopSource(path, setup.files().value());
      try {
        return setup.loader().dataSets() == null
            ? setup.loader().multiDataSets().load(source)
            : setup.loader().dataSets().load(source).toMultiDataSet();
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot load '" + path + "'", e);
      }
    }
  }

  /** Opens a file on any Hadoop file system. */
  private record HadoopSource(String path, Configuration files) implements Source {
    @Override
    public InputStream getInputStream() throws IOException {
      Path file = new Path(path);
      return file.getFileSystem(files).open(file);
    }

    @Override
    public String getPath() {
      return path;
    }
  }
}
