package io.attune.pipeline.stage.ingest;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.stage.ingest.Outcome.Tally;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.IntakeRecord.IngestedFile;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Accounts for every record that came in: of each file, what its reader returned must be what
 * became a document plus what was rejected, and what the rows say.
 */
final class Accounts {
  private static final String UNKNOWN_LABEL = "unknown-label";

  /** A value that fewer records have is a slip, not a class. */
  private static final long FEW = 10;

  /** By {@link Inputs#key}: two corpora may have one file. */
  private final Map<String, Account> files = new LinkedHashMap<>();

  /** Counts one file. */
  private static final class Account {
    final InputFile file;
    long records = -1;
    long documents;
    long kept;
    long documentRows;
    long rejectRows;
    final List<Tally> rejects = new ArrayList<>();

    Account(InputFile file) {
      this.file = file;
    }

    long rejected() {
      return rejects.stream().mapToLong(Tally::count).sum();
    }
  }

  private Accounts() {}

  /**
   * Counts the outcome of files by the rows and by the tallies.
   *
   * @param footers the rows that each columnar file says it has
   * @throws IllegalStateException if the counts of a file do not agree: a bug
   */
  static Accounts of(Dataset<Row> outcomes, List<InputFile> files, Map<InputFile, Long> footers) {
    Accounts accounts = new Accounts();
    files.forEach(file -> accounts.files.put(Inputs.key(file), new Account(file)));
    outcomes
        .groupBy(
            coalesce(col(Documents.CORPUS), col(Outcome.rejected(Rejects.CORPUS))),
            coalesce(col(Documents.FILE), col(Outcome.rejected(Rejects.FILE))))
        .agg(count(when(Outcome.isDocument(), 1)), count(when(Outcome.isReject(), lit(1))))
        .collectAsList()
        .forEach(accounts::add);
    Outcome.tallies(outcomes).forEach(accounts::add);
    accounts.files.values().forEach(account -> requireBalanced(account, footers));
    return accounts;
  }

  private void add(Tally tally) {
    Account account = account(tally.corpus(), tally.file());
    if (tally.reason() == null) {
      account.records = Math.max(0, account.records) + tally.count();
      account.documents += tally.documents();
      account.kept += tally.kept();
    } else {
      account.rejects.add(tally);
    }
  }

  private void add(Row rows) {
    Account account = account(rows.getString(0), rows.getString(1));
    account.documentRows += rows.getLong(2);
    account.rejectRows += rows.getLong(3);
  }

  private Account account(String corpus, String file) {
    Account account = files.get(Inputs.key(corpus, file));
    if (account == null) {
      throw new IllegalStateException(
          "Ingest read '%s' of corpus '%s', which is not of this run".formatted(file, corpus));
    }
    return account;
  }

  private static void requireBalanced(Account account, Map<InputFile, Long> footers) {
    Long expected = footers.get(account.file);
    long records =
        expected != null && expected == 0 ? Math.max(0, account.records) : account.records;
    boolean balanced =
        records >= 0
            && (expected == null || expected == records)
            && records == account.documents + account.rejected()
            && account.documents == account.documentRows
            && account.kept == account.rejectRows;
    if (!balanced) {
      throw new IllegalStateException(
          ("The records of '%s' of corpus '%s' do not add up: %d read (its end says %s), %d documents"
                  + " in %d rows, %d rejected, of which %d are kept in %d rows")
              .formatted(
                  account.file.path(),
                  account.file.corpus(),
                  account.records,
                  expected,
                  account.documents,
                  account.documentRows,
                  account.rejected(),
                  account.kept,
                  account.rejectRows));
    }
    account.records = records;
  }

  long documents() {
    return files.values().stream().mapToLong(account -> account.documents).sum();
  }

  long rejected() {
    return files.values().stream().mapToLong(Account::rejected).sum();
  }

  /** Returns rejected records that have no row in the table, by file. */
  Map<InputFile, Long> withoutRow() {
    Map<InputFile, Long> withoutRow = new LinkedHashMap<>();
    for (Account account : files.values()) {
      if (account.rejected() > account.kept) {
        withoutRow.put(account.file, account.rejected() - account.kept);
      }
    }
    return withoutRow;
  }

  /**
   * Returns what came of each file.
   *
   * @param encodings how the encoding of a file was found; absent for plain UTF-8
   */
  List<IngestedFile> ingested(Map<InputFile, String> encodings) {
    return files.values().stream().map(account -> ingested(account, encodings)).toList();
  }

  private static IngestedFile ingested(Account account, Map<InputFile, String> encodings) {
    Map<String, Long> reasons = new TreeMap<>();
    account.rejects.forEach(tally -> reasons.merge(tally.reason(), tally.count(), Long::sum));
    InputFile file = account.file;
    return new IngestedFile(
        file.corpus(),
        file.path(),
        file.date(),
        file.bytes(),
        file.modified(),
        account.records,
        account.documents,
        account.rejected(),
        account.kept,
        reasons.isEmpty() ? null : reasons,
        null,
        encodings.get(file));
  }

  /**
   * Fails if so much of a corpus is rejected that it is not what its configuration says, or if a
   * class is missing from the heads.
   */
  void requireAccepted(IngestConfig config) {
    Map<String, List<Account>> corpora = new TreeMap<>();
    files
        .values()
        .forEach(
            account ->
                corpora
                    .computeIfAbsent(account.file.corpus(), any -> new ArrayList<>())
                    .add(account));
    corpora.forEach(
        (corpus, accounts) -> {
          requireAccepted(corpus, accounts, config.maxRejectedShare());
          requireKnownLabels(corpus, accounts, config.maxUnknownLabelShare());
        });
  }

  private static void requireAccepted(String corpus, List<Account> accounts, double maxShare) {
    long all = accounts.stream().mapToLong(account -> account.records).sum();
    long rejected = accounts.stream().mapToLong(Account::rejected).sum();
    if (rejected > maxShare * all) {
      Account first =
          accounts.stream().filter(account -> !account.rejects.isEmpty()).findFirst().orElseThrow();
      Tally reject =
          first.rejects.stream().min(java.util.Comparator.comparingLong(Tally::line)).orElseThrow();
      throw new Failure.BadInput(
          "Corpus '%s' is not what its configuration says: %,d of %,d records were rejected, the first"
              + " in '%s', line %d: %s; correct corpora.columns, corpora.label-values or heads, or"
              + " raise ingest.max-rejected-share",
          corpus, rejected, all, first.file.path(), reject.line(), reject.detail());
    }
  }

  private static void requireKnownLabels(String corpus, List<Account> accounts, double maxShare) {
    long all = accounts.stream().mapToLong(account -> account.records).sum();
    long rejected = accounts.stream().mapToLong(Account::rejected).sum();
    Map<String, Long> values = new TreeMap<>();
    accounts.stream()
        .flatMap(account -> account.rejects.stream())
        .filter(tally -> tally.reason().equals(UNKNOWN_LABEL) && tally.detail() != null)
        .forEach(tally -> values.merge(tally.detail(), tally.count(), Long::sum));
    values.forEach(
        (detail, count) -> {
          if (count >= FEW && count * 3 >= rejected && count >= maxShare * all) {
            throw new Failure.BadInput(
                "Corpus '%s' seems to have a class that the task lacks: %,d of %,d records were"
                    + " rejected because %s; add it to heads, or say in corpora.label-values which"
                    + " class it means, or let them go with ingest.max-unknown-label-share",
                corpus, count, all, detail);
          }
        });
  }
}
