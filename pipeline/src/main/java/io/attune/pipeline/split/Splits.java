package io.attune.pipeline.split;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.conv;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.JobDescription;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Assigns documents to splits.
 *
 * <ul>
 *   <li>A row keeps the split that its corpus was declared to be.
 *   <li>Other rows are divided by {@link SplitConfig#by}. By hash, a row's value in [0, 1) is the
 *       first 52 bits of SHA-256 of {@code <seed>:<cluster>}: below {@code test} it tests, below
 *       {@code test + validation} it validates. The cluster is the id of a document without near
 *       copies; with {@link SplitConfig#group} the value of the group takes its place, that of the
 *       first document of the cluster, so that near copies are together even across groups. By
 *       time, the latest {@code test} fraction of the dated rows tests and the {@code validation}
 *       fraction before it validates; a cluster has one date, rows of the same instant stay
 *       together, and rows without a date train. Rows without labels are on the side of their date
 *       and do not count in the fractions: they neither test nor validate. The instants at which
 *       the splits begin never move back from one run to the next.
 *   <li>Where some corpus is declared {@code test} or {@code validation}, that fraction is 0 for
 *       the rows that are divided.
 *   <li>Where no row is declared {@code validation} and none is left to divide, the rows declared
 *       {@code train} give up a {@code validation} fraction by hash, whatever {@link
 *       SplitConfig#by} says: training must be able to stop.
 * </ul>
 */
public final class Splits {
  /**
   * Names the column that {@link #assign} adds: {@code train}, {@code validation} or {@code test}.
   */
  public static final String SPLIT = TokenRows.SPLIT;

  private static final int HEX_DIGITS = 13;
  private static final double HASHES = Math.pow(16, HEX_DIGITS);

  private static final String UNIT = "split_unit";

  private Splits() {}

  /**
   * Holds documents with their splits.
   *
   * @param documents with the column {@link #SPLIT}
   * @param cuts where time divides them
   */
  public record Division(Dataset<Row> documents, Optional<TimeCuts> cuts) {}

  /** Adds the column {@code split}, as the first run of a task does. */
  static Dataset<Row> assign(Dataset<Row> documents, SplitConfig config) {
    return divide(documents, config, Optional.empty()).documents();
  }

  /**
   * Adds the column {@code split}. Runs small aggregations to see what is declared and dated.
   *
   * @param documents with the columns of clean documents
   * @param earlier the cuts of the run before, if time divided its documents
   * @throws Failure.BadInput if a declared split has no such name, or {@code time} finds no dates
   */
  public static Division divide(
      Dataset<Row> documents, SplitConfig config, Optional<TimeCuts> earlier) {
    Declared declared = Declared.in(documents);
    SplitConfig shares =
        config.withShares(
            declared.validation() ? 0 : config.validation(), declared.test() ? 0 : config.test());
    Column place = placeOf(config.seed());
    Optional<TimeCuts> cuts =
        config.by() == SplitConfig.By.TIME && declared.undeclared()
            ? Optional.of(TimeCuts.in(dated(documents), shares).notBefore(earlier))
            : Optional.empty();
    Column divided = divided(shares, declared, place, cuts);
    Column kept = col(Documents.DECLARED_SPLIT);
    if (!declared.validation() && !declared.undeclared()) {
      kept =
          when(
                  kept.equalTo(Split.TRAIN.word()).and(place.lt(config.validation())),
                  Split.VALIDATION.word())
              .otherwise(kept);
    }
    Dataset<Row> assigned =
        SplitUnits.add(documents, UNIT, config)
            .withColumn(SPLIT, coalesce(kept, divided))
            .drop(UNIT);
    return new Division(assigned, cuts);
  }

  /** Returns whether some head has a label for a document. */
  public static Column isLabelled() {
    return coalesce(size(col(Documents.LABELS)).gt(0), lit(false));
  }

  private static Dataset<Row> dated(Dataset<Row> documents) {
    return documents.where(
        col(Documents.DECLARED_SPLIT)
            .isNull()
            .and(TimeCuts.instant().isNotNull())
            .and(isLabelled()));
  }

  private static Column divided(
      SplitConfig shares, Declared declared, Column place, Optional<TimeCuts> cuts) {
    if (!declared.undeclared()) {
      return lit(Split.TRAIN.word()); // stands for no row
    }
    if (shares.by() == SplitConfig.By.HASH) {
      return when(place.lt(shares.test()), Split.TEST.word())
          .when(place.lt(shares.test() + shares.validation()), Split.VALIDATION.word())
          .otherwise(Split.TRAIN.word());
    }
    return cuts.orElseThrow().split();
  }

  /** Returns a document's value in [0, 1), which depends on its unit and the seed alone. */
  private static Column placeOf(long seed) {
    Column hash = sha2(concat(lit(seed + ":"), col(UNIT)).cast("binary"), 256);
    return conv(substring(hash, 1, HEX_DIGITS), 16, 10).cast("double").divide(HASHES);
  }

  /** Records which splits some row declares, and whether other rows are left to divide. */
  private record Declared(boolean validation, boolean test, boolean undeclared) {
    static Declared in(Dataset<Row> documents) {
      Column declared = col(Documents.DECLARED_SPLIT);
      Column known = lit(false);
      for (Split split : Split.values()) {
        known = known.or(declared.equalTo(split.word()));
      }
      Dataset<Row> summary =
          documents.agg(
              max(coalesce(declared.equalTo(Split.VALIDATION.word()), lit(false))),
              max(coalesce(declared.equalTo(Split.TEST.word()), lit(false))),
              max(declared.isNull()),
              max(when(not(known), declared)));
      Row found =
          JobDescription.during(
              documents.sparkSession(), "split: find declared splits", summary::head);
      if (!found.isNullAt(3)) {
        throw new Failure.BadInput(
            "A corpus is declared as the split '%s'; a split is train, validation or test: correct"
                + " its 'split' in the configuration and ingest it again",
            found.getString(3));
      }
      return new Declared(truth(found, 0), truth(found, 1), truth(found, 2));
    }

    private static boolean truth(Row row, int column) {
      return !row.isNullAt(column) && row.getBoolean(column);
    }
  }
}
