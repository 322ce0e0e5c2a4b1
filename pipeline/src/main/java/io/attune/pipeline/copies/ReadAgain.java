package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.ColumnNames;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.model.IntakeRecord;
import io.attune.schemas.model.IntakeRecord.IngestedFile;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;

/**
 * Finds the documents of earlier runs in files that a run reads again. They no longer count, and a
 * document of the run is no copy or correction of one of them; if the run is withdrawn, they count
 * again.
 */
public final class ReadAgain {
  private ReadAgain() {}

  /** Returns the files that a run reads again; empty for one that ingests new files only. */
  public static Set<String> files(Storage storage, Run run) {
    Artefacts artefacts = Artefacts.of(storage);
    if (!artefacts.isPublished(run.intake())) {
      return Set.of();
    }
    IntakeRecord intake =
        artefacts.open(run.intake()).json(IntakeRecord.FILE_NAME, IntakeRecord.class);
    return intake.readsAgain()
        ? intake.files().stream().map(IngestedFile::path).collect(Collectors.toSet())
        : Set.of();
  }

  /**
   * Holds the rows of other runs that no longer count, since a run reads their files again.
   *
   * @param rows null if there are none
   */
  record Gone(String run, Dataset<Row> rows) {
    /** Returns clean documents with the rows that end those that no longer count. */
    Dataset<Row> endedIn(Dataset<Row> clean) {
      return rows == null ? clean : clean.unionByName(ends(rows, run));
    }

    long number() {
      return rows == null ? 0 : rows.count();
    }
  }

  /**
   * Returns the rows of other runs that count and lie in such files; null if there are none.
   *
   * @param run that reads them again
   */
  static Dataset<Row> rows(Tables tables, String run, Set<String> files) {
    if (files.isEmpty() || !tables.exists(CleanDocuments.SCHEMA)) {
      return null;
    }
    Dataset<Row> earlier =
        tables.read(CleanDocuments.SCHEMA).where(col(Documents.RUN).notEqual(run));
    Dataset<Row> paths =
        earlier
            .sparkSession()
            .createDataset(List.copyOf(files), Encoders.STRING())
            .toDF(Documents.FILE);
    return CurrentDocuments.of(earlier)
        .join(paths, ColumnNames.of(Documents.FILE), "left_semi")
        .select(Documents.ID, Documents.CORPUS, Documents.RUN, Documents.FILE, Documents.LINE);
  }

  /** Returns rows of the table of clean documents that end the given ones. */
  private static Dataset<Row> ends(Dataset<Row> rows, String run) {
    return rows.select(
        Arrays.stream(CleanDocuments.SCHEMA.columns().fields())
            .map(field -> end(field, run))
            .toArray(Column[]::new));
  }

  private static Column end(StructField field, String run) {
    Column value =
        switch (field.name()) {
          case Documents.ID, Documents.CORPUS, Documents.FILE, Documents.LINE -> col(field.name());
          case Documents.RUN -> lit(run);
          case CleanDocuments.REPLACES -> array(struct(col(Documents.ID), col(Documents.RUN)));
          default -> lit(null);
        };
    return value.cast(field.dataType()).as(field.name());
  }
}
