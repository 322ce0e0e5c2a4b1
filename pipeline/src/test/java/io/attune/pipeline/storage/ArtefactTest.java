package io.attune.pipeline.storage;

import static io.attune.pipeline.storage.LocalAndHdfs.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.model.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArtefactTest {
  private static final LabelSets LABELS =
      new LabelSets(List.of(new Head("mood", List.of("down", "up"))));

  @TempDir static Path folder;
  private static LocalAndHdfs both;

  @BeforeAll
  static void start() throws IOException {
    both = new LocalAndHdfs(folder);
  }

  @AfterAll
  static void stop() {
    both.close();
  }

  static Stream<Named<Storage>> storages() {
    return both.storages();
  }

  @ParameterizedTest
  @MethodSource("storages")
  void readsWhatWasPublishedAndReportsEachFileWithItsHash(Storage storage) {
    publish(storage, "read/a");
    List<String> reported = new ArrayList<>();

    Artefact artefact =
        Artefacts.of(storage).open("read/a", (file, hash) -> reported.add(file + " " + hash));

    assertThat(reported).isEmpty();
    assertThat(artefact.json("labels.json", LabelSets.class)).isEqualTo(LABELS);
    assertThat(artefact.bytes("parts/text")).isEqualTo(bytes("abc"));
    assertThat(artefact.hash("parts/text")).isEqualTo(Sha256.of(bytes("abc")));
    assertThat(reported)
        .containsExactly(
            "labels.json " + Sha256.of(Json.pretty(LABELS)),
            "parts/text " + Sha256.of(bytes("abc")));
    assertThat(artefact.name()).isEqualTo("a");
    assertThat(artefact.provenance()).isEqualTo(ArtefactsTest.PROVENANCE);
  }

  @ParameterizedTest
  @MethodSource("storages")
  void verificationReportsTheManifestThatListsEveryFile(Storage storage) {
    publish(storage, "verified/a");
    List<String> reported = new ArrayList<>();

    Artefacts.of(storage)
        .open("verified/a", (file, hash) -> reported.add(file + " " + hash))
        .verify();

    assertThat(reported)
        .containsExactly(
            "MANIFEST.json " + Sha256.of(storage.read("verified/a/" + Manifest.FILE_NAME)));
  }

  @ParameterizedTest
  @MethodSource("storages")
  void refusesAFileThatWasChangedByHandWithBothHashesAndWhatToDo(Storage storage)
      throws IOException {
    publish(storage, "changed/a");
    both.overwrite(storage, "changed/a/parts/text", "abd");
    List<String> reported = new ArrayList<>();
    Artefact artefact = Artefacts.of(storage).open("changed/a", (file, hash) -> reported.add(file));

    assertThatThrownBy(() -> artefact.bytes("parts/text"))
        .asInstanceOf(type(Failure.BadInput.class))
        .satisfies(failure -> assertThat(failure.exitCode()).isEqualTo(3))
        .satisfies(
            failure ->
                assertThat(failure)
                    .hasMessageContaining("changed/a/parts/text' is damaged")
                    .hasMessageContaining("3 bytes with SHA-256 " + Sha256.of(bytes("abc")))
                    .hasMessageContaining("found 3 bytes with " + Sha256.of(bytes("abd")))
                    .hasMessageContaining("restore it from a copy")
                    .hasMessageContaining("run its stage again"));
    assertThat(reported).isEmpty();
    assertThat(artefact.json("labels.json", LabelSets.class)).isEqualTo(LABELS);
  }

  @ParameterizedTest
  @MethodSource("storages")
  void refusesAFileOfAnotherSize(Storage storage) throws IOException {
    publish(storage, "longer/a");
    both.overwrite(storage, "longer/a/parts/text", "abcd");

    assertThatThrownBy(() -> Artefacts.of(storage).open("longer/a").bytes("parts/text"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("its manifest says 3 bytes")
        .hasMessageContaining("found 4 bytes");
  }

  @ParameterizedTest
  @MethodSource("storages")
  void namesAFileThatIsMissing(Storage storage) {
    publish(storage, "lost/b");
    storage.delete("lost/b/parts/text");

    assertThatThrownBy(() -> Artefacts.of(storage).open("lost/b").bytes("parts/text"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("lists 2 files, and 'parts/text' is missing");
  }

  @ParameterizedTest
  @MethodSource("storages")
  void refusesAFileThatIsThereAndNotListed(Storage storage) {
    publish(storage, "foreign/a");
    storage.replace("foreign/a/notes.txt", bytes("mine"));

    assertThatThrownBy(() -> Artefacts.of(storage).open("foreign/a").bytes("notes.txt"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("The manifest of")
        .hasMessageContaining("lists no file 'notes.txt'")
        .hasMessageContaining("run its stage again");
  }

  @ParameterizedTest
  @MethodSource("storages")
  void refusesAFileThatIsNotWhatIsAskedFor(Storage storage) {
    publish(storage, "other/a");

    assertThatThrownBy(
            () -> Artefacts.of(storage).open("other/a").json("parts/text", LabelSets.class))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("other/a/parts/text' is not a LabelSets")
        .hasMessageContaining("another version of Attune");
  }

  @ParameterizedTest
  @MethodSource("storages")
  void refusesAManifestThatWasChangedByHand(Storage storage) throws IOException {
    publish(storage, "sealed/a");
    String manifest =
        new String(storage.read("sealed/a/MANIFEST.json"), java.nio.charset.StandardCharsets.UTF_8);
    both.overwrite(
        storage,
        "sealed/a/MANIFEST.json",
        manifest.replace(Sha256.of(bytes("abc")), Sha256.of(bytes("abd"))));

    assertThatThrownBy(() -> Artefacts.of(storage).open("sealed/a"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("MANIFEST.json' is damaged: it was sealed with SHA-256");
  }

  @ParameterizedTest
  @MethodSource("storages")
  void namesTheManifestOfWhatIsNotPublished(Storage storage) {
    assertThatThrownBy(() -> Artefacts.of(storage).open("nothing/here"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("No such file")
        .hasMessageContaining("nothing/here/MANIFEST.json")
        .hasMessageContaining("run the stage that publishes it first");
  }

  private static void publish(Storage storage, String path) {
    var unused =
        Artefacts.of(storage)
            .publish(
                path,
                ArtefactsTest.PROVENANCE,
                staging -> {
                  staging.write("labels.json", Json.pretty(LABELS));
                  staging.write("parts/text", bytes("abc"));
                  return Map.of();
                });
  }
}
