package io.attune.jobs.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Holds the companies and products that the texts are about, read from word lists. */
final class Names {
  private final List<Subject> companies;
  private final List<Subject> products;

  private Names(List<Subject> companies, List<Subject> products) {
    this.companies = companies;
    this.products = products;
  }

  /**
   * Describes a company or a product in one language.
   *
   * @param key the ticker of a company, the name of a product
   * @param words what the grammar's symbols stand for
   */
  record Subject(String key, Map<String, String> words) {
    Subject {
      words = Map.copyOf(words);
    }
  }

  static Names in(String language) {
    int column = language.equals("zh") ? 1 : 0;
    List<Subject> companies =
        lines("companies.tsv").stream()
            .map(line -> line.split("\t", -1))
            .map(cells -> company(cells[0], cells[1 + column], cells[3 + column]))
            .toList();
    List<Subject> products =
        lines("products.tsv").stream()
            .map(line -> line.split("\t", -1)[column])
            .map(name -> new Subject(name, Map.of("product", name)))
            .toList();
    return new Names(companies, products);
  }

  private static Subject company(String ticker, String name, String sector) {
    Map<String, String> words = Map.of("company", name, "ticker", ticker, "sector name", sector);
    return new Subject(ticker, words);
  }

  List<Subject> companies() {
    return companies;
  }

  List<Subject> products() {
    return products;
  }

  /** Reads the lines of a resource next to this class. */
  static List<String> lines(String file) {
    try (InputStream in = Names.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("The build lacks the resource " + file);
      }
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the resource " + file, e);
    }
  }
}
