package io.attune.pipeline.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.attune.pipeline.Progress;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MavenRepositoryTest {
  private static final byte[] JAR = jar();

  @TempDir Path folder;

  private static byte[] jar() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("model.onnx"));
      zip.write(new byte[50_000]);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static KnownEncoder encoder() {
    KnownEncoder real = KnownEncoder.find("minilm-en").orElseThrow();
    return new KnownEncoder(
        "tiny",
        List.of("en"),
        "MIT",
        "Copyright",
        "here",
        "tiny-artifact",
        "1.0",
        JAR.length,
        Sha256.of(JAR),
        "model.onnx",
        "tokenizer.json",
        "mean",
        real.config(),
        List.of());
  }

  private MavenRepository repository(Optional<URI> remote) {
    return new MavenRepository(folder.resolve("local"), remote, Proxy.NO_PROXY);
  }

  private static HttpServer server(int status, byte[] body) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/maven/dev/langchain4j/tiny-artifact/1.0/tiny-artifact-1.0.jar",
        exchange -> {
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static URI address(HttpServer server) {
    return URI.create("http://localhost:%d/maven/".formatted(server.getAddress().getPort()));
  }

  @Test
  void takesAJarFromTheLocalRepository() throws IOException {
    Path jar = folder.resolve("local").resolve(encoder().jarPath());
    Files.createDirectories(jar.getParent());
    Files.write(jar, JAR);

    try (MavenRepository.Jar found =
        repository(Optional.empty()).find(encoder(), Progress.SILENT)) {
      assertThat(found.file()).isEqualTo(jar);
    }
    assertThat(jar).exists();
  }

  @Test
  void downloadsAJarAndShowsProgressAndRemovesItAfterUse() throws IOException {
    List<Long> seen = new ArrayList<>();
    Progress progress = (done, total, note) -> seen.add(done);
    HttpServer server = server(200, JAR);
    try {
      Path file;
      try (MavenRepository.Jar found =
          repository(Optional.of(address(server))).find(encoder(), progress)) {
        file = found.file();
        assertThat(file).hasBinaryContent(JAR);
      }
      assertThat(file).doesNotExist();
      assertThat(seen).endsWith((long) JAR.length);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void refusesWhatHasAnotherHash() throws IOException {
    byte[] forged = JAR.clone();
    forged[100]++;
    HttpServer server = server(200, forged);
    try {
      assertThatThrownBy(
              () -> repository(Optional.of(address(server))).find(encoder(), Progress.SILENT))
          .isInstanceOf(Failure.BadInput.class)
          .hasMessageContaining("is not the jar of the encoder 'tiny'")
          .hasMessageContaining(Sha256.of(forged))
          .hasMessageContaining(Sha256.of(JAR));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void stopsReadingWhatIsLongerThanTheJar() throws IOException {
    HttpServer server = server(200, new byte[JAR.length + 200_000]);
    try {
      assertThatThrownBy(
              () -> repository(Optional.of(address(server))).find(encoder(), Progress.SILENT))
          .isInstanceOf(Failure.BadInput.class)
          .hasMessageContaining("longer than");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void saysOfflineHowToBringTheJar() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    HttpServer server = server(404, new byte[0]);
    try {
      for (Optional<URI> remote :
          List.of(
              Optional.<URI>empty(),
              Optional.of(URI.create("http://localhost:" + closed)),
              Optional.of(address(server)))) {
        assertThatThrownBy(() -> repository(remote).find(encoder(), Progress.SILENT))
            .isInstanceOf(Failure.BadInput.class)
            .hasMessageContaining("Cannot get the encoder 'tiny'")
            .hasMessageContaining(folder.resolve("local").toString())
            .hasMessageContaining("https://repo1.maven.org/maven2/dev/langchain4j/tiny-artifact/")
            .hasMessageContaining("attune encoders get tiny --jar FILE")
            .hasMessageContaining("model.encoder: none");
      }
    } finally {
      server.stop(0);
    }
  }

  @Test
  void findsTheJarInAFolderOrARepositoryThatTheUserNames() throws IOException {
    Path direct = folder.resolve("direct");
    Files.createDirectories(direct);
    Path jar = Files.write(direct.resolve(encoder().jarName()), JAR);
    Path mirrored = folder.resolve("mirror").resolve(encoder().jarPath());
    Files.createDirectories(mirrored.getParent());
    Files.write(mirrored, JAR);

    for (Path given : List.of(jar, direct, folder.resolve("mirror"))) {
      assertThat(MavenRepository.given(encoder(), given).file()).isRegularFile();
    }
    assertThatThrownBy(() -> MavenRepository.given(encoder(), folder))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("has no 'tiny-artifact-1.0.jar'");
  }

  @Test
  void honoursTheUsersSettings() throws IOException {
    Path home = folder.resolve("home");
    Files.createDirectories(home.resolve(".m2"));
    MavenRepository usual = MavenRepository.of(home, Map.of());
    assertThat(usual.remote()).contains(MavenRepository.CENTRAL);

    Files.writeString(
        home.resolve(".m2/settings.xml"),
        """
        <settings>
          <localRepository>${user.home}/elsewhere</localRepository>
          <mirrors>
            <mirror><id>a</id><mirrorOf>other</mirrorOf><url>https://a.example</url></mirror>
            <mirror><id>b</id><mirrorOf>*</mirrorOf><url>https://b.example/m</url></mirror>
          </mirrors>
        </settings>
        """);
    MavenRepository own = MavenRepository.of(home, Map.of("HTTPS_PROXY", "http://proxy:3128"));
    assertThat(own.remote()).contains(URI.create("https://b.example/m"));
    assertThat(own.proxy().address().toString()).contains("proxy").contains("3128");
    if (System.getProperty("maven.repo.local") == null) {
      assertThat(own.local()).isEqualTo(home.resolve("elsewhere"));
    }

    Files.writeString(
        home.resolve(".m2/settings.xml"), "<settings><offline>true</offline></settings>");
    assertThat(MavenRepository.of(home, Map.of()).remote()).isEmpty();

    Files.writeString(
        home.resolve(".m2/settings.xml"),
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><settings>&x;</settings>");
    assertThatThrownBy(() -> MavenRepository.of(home, Map.of()))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("settings.xml");
  }

  @Test
  void everyKnownEncoderHasItsLicenceAndAShape() throws IOException {
    for (KnownEncoder known : KnownEncoder.all()) {
      assertThat(new String(known.licenceText(), java.nio.charset.StandardCharsets.UTF_8))
          .contains(known.source(), known.licence(), known.copyright())
          .hasSizeGreaterThan(900);
      assertThat(known.jarSha256()).hasSize(64);
      assertThat(known.card().width()).isPositive();
      assertThat(Json.line(known.config())).contains("\"model_type\":\"bert\"");
    }
    assertThat(KnownEncoder.ofLanguage("en").orElseThrow().name()).isEqualTo("bge-small-en");
    assertThat(KnownEncoder.ofLanguage("zh").orElseThrow().name()).isEqualTo("bge-small-zh");
    assertThat(KnownEncoder.ofLanguage("de")).isEmpty();
  }
}
