package io.attune.jobs.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;

/**
 * Writes two nights of generated financial news and product reviews, English and Chinese.
 *
 * <p>Each text has one of eight topics, four of the news and four of the reviews, and a sentiment:
 * negative, neutral or positive. Topics show in the words, but a quarter of the texts mention a
 * second one. Sentiment shows in the relations between words: which clause is the main one, what
 * "not" negates, who acts on whom, whether a report was true; single words and bigrams tell only a
 * part of it. The first night brings the archive of October to December 2025, the second the two
 * weeks after it, which end in a surge of bad news about one company. About 3 % of the labels are
 * wrong, and the files are as dirty as real ones ({@link Defect}).
 */
public final class DemoCorpus {
  public static final LocalDate FIRST_NIGHT = LocalDate.of(2026, 1, 5);
  public static final LocalDate SECOND_NIGHT = LocalDate.of(2026, 1, 6);

  /** Names the company of the surge of bad news. */
  static final String SURGE_TICKER = "NVL";

  /** Names the topic of the surge. */
  static final String SURGE_TOPIC = "regulation";

  /** Holds the first day of the surge, which lasts until the second night. */
  static final LocalDate SURGE_FROM = LocalDate.of(2026, 1, 2);

  private DemoCorpus() {}

  /**
   * Writes both nights; existing files are replaced.
   *
   * <p>Below {@code folder}, for each night's date: {@code news/<date>/newswire-en.jsonl.gz},
   * {@code news/<date>/newswire-zh.csv}, {@code reviews/<date>/shop-en.tsv} and {@code
   * reviews/<date>/shop-zh.jsonl}. CSV and TSV have a header; CSV is quoted as in RFC 4180, TSV
   * never is.
   *
   * @param folder made if it is missing
   * @param seed the same seed gives the same bytes
   * @throws IOException if a file cannot be written
   */
  public static void write(Path folder, long seed) throws IOException {
    for (DemoFile file : files(seed)) {
      Path path = folder.resolve(file.path());
      Files.createDirectories(path.getParent());
      Files.write(path, file.bytes());
    }
  }

  /**
   * Writes the same files to a folder of any Hadoop file system; its parents are made.
   *
   * @throws IOException if a file cannot be written
   */
  public static void write(FileSystem files, org.apache.hadoop.fs.Path folder, long seed)
      throws IOException {
    for (DemoFile file : files(seed)) {
      try (OutputStream out =
          files.create(new org.apache.hadoop.fs.Path(folder, file.path()), true)) {
        out.write(file.bytes());
      }
    }
  }

  private static List<DemoFile> files(long seed) {
    return Stream.of(Night.FIRST, Night.SECOND)
        .flatMap(night -> Channel.all().stream().map(channel -> DemoFile.of(channel, night, seed)))
        .toList();
  }
}
