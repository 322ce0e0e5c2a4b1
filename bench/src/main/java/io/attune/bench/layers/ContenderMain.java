package io.attune.bench.layers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attune.neural.network.ModelConfig.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The other end of a {@link ProcessContender} that runs a DL4J network. */
final class ContenderMain {
  private ContenderMain() {}

  /**
   * Takes steps as it is told to.
   *
   * @param arguments the name to give
   */
  public static void main(String[] arguments) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream answers = System.out;
    System.setOut(System.err); // DL4J prints there what it likes.
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
    String compute = setup.path("compute").asText();
    try (Contender contender =
        compute.equals("dl4j")
            ? NetworkContender.dl4j(given, batches)
            : NetworkContender.attune(given, batches, compute)) {
      answers.println("ready");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Contender.StepTime took = contender.run(Integer.parseInt(line));
        answers.println(took.seconds() + " " + took.processor());
      }
    }
  }
}
