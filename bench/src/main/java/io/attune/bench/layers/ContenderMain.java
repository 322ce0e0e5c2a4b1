package io.attune.bench.layers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.network.ModelConfig.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Runs a DL4J network as a contender in a JVM of its own, commanded by {@link ProcessContender}.
 */
final class ContenderMain {
  /** Names the contender of the setup that has DL4J's own layers; any other has Attune's. */
  static final String DL4J = "dl4j";

  private ContenderMain() {}

  /**
   * Takes as many steps as each line of its input asks for.
   *
   * @param arguments the name of the contender
   */
  public static void main(String[] arguments) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream answers = System.out;
    System.setOut(System.err); // DL4J prints text of its own there.
    answers.println(arguments[0]);
    ObjectMapper json = new ObjectMapper();
    JsonNode setup = json.readTree(in.readLine());
    BenchCase given =
        new BenchCase(
            Kind.valueOf(setup.path("kind").asText()),
            setup.path("layers").asInt(),
            setup.path("width").asInt(),
            setup.path("tokens").asInt(),
            setup.path("trains").asBoolean(),
            setup.path("cut").asBoolean() ? "a corpus" : null);
    SyntheticBatches batches =
        new SyntheticBatches(given, json.treeToValue(setup.path("lengths"), int[][].class));
    try (Contender contender =
        setup.path("contender").asText().equals(DL4J)
            ? NetworkContender.dl4j(given, batches)
            : NetworkContender.attune(given, batches, BackendChoice.AUTO)) {
      answers.println("ready");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Contender.StepTime took = contender.run(Integer.parseInt(line));
        answers.println(took.seconds() + " " + took.processor());
      }
    }
  }
}
