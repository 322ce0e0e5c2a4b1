package io.attune.jobs.config;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spells a root in one way, so that one root is not taken for two. */
public final class RootUri {
  private static final Pattern URI =
      Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*):(//([^/]*))?(/.*)?");
  private static final String FILE = "file";

  private RootUri() {}

  /**
   * Returns the spelling of a root that is used everywhere: without a slash at its end, doubled
   * slashes and {@code .} or {@code ..}; {@code file:/x} and {@code file://localhost/x} are {@code
   * file:///x}. A path alone stays one: on a cluster it is refused.
   *
   * @param root a path, or a URI of any Hadoop file system
   */
  public static String canonical(String root) {
    String given = root.strip();
    Matcher uri = URI.matcher(given);
    if (!uri.matches()) {
      return given.startsWith("/") ? path(given) : given;
    }
    String scheme = uri.group(1).toLowerCase(Locale.ROOT);
    String authority = uri.group(3) == null ? "" : uri.group(3);
    if (scheme.equals(FILE) && authority.equals("localhost")) {
      authority = "";
    }
    String path = uri.group(4) == null ? "" : path(uri.group(4));
    return scheme + "://" + authority + path;
  }

  /** Returns the identity of a root: a path alone lies on this machine. */
  static String identity(String root) {
    String canonical = canonical(root);
    return canonical.startsWith("/") ? FILE + "://" + canonical : canonical;
  }

  private static String path(String path) {
    return Path.of(path).normalize().toString();
  }
}
