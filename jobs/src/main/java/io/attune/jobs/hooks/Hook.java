package io.attune.jobs.hooks;

import static io.attune.schemas.Requirements.require;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Configures what happens at one kind of event: a command, a webhook, or both.
 *
 * @param command a program and its arguments, run without a shell; empty for none
 * @param webhook a URL that the event is posted to, or {@code env:NAME} for the value of an
 *     environment variable, so that a secret address is in no file; empty for none
 * @param timeoutSeconds time limit of the program, or of the answer
 */
public record Hook(List<String> command, String webhook, int timeoutSeconds) {
  private static final String FROM_ENV = "env:";
  private static final int LONGEST = 600;

  /** Defines a hook that does nothing. */
  static final Hook NONE = new Hook(List.of(), "", 1);

  public Hook {
    command = command == null ? List.of() : List.copyOf(command);
    webhook = webhook == null ? "" : webhook;
    require(
        command.isEmpty() || !command.get(0).isBlank(),
        "command must begin with a program, got %s",
        command);
    require(
        webhook.isEmpty() || webhook.startsWith(FROM_ENV) || isAddress(webhook),
        "webhook must be an http or https URL, or env:NAME, got '%s'",
        webhook);
    require(
        timeoutSeconds >= 1 && timeoutSeconds <= LONGEST,
        "timeout-seconds must be in [1, %d], got %d",
        LONGEST,
        timeoutSeconds);
  }

  public boolean isSet() {
    return !command.isEmpty() || !webhook.isEmpty();
  }

  /** Returns the environment variable that should hold the webhook's address, if it does not. */
  public Optional<String> missingVariable(Map<String, String> env) {
    if (!webhook.startsWith(FROM_ENV)) {
      return Optional.empty();
    }
    String name = webhook.substring(FROM_ENV.length());
    return isAddress(env.getOrDefault(name, "")) ? Optional.empty() : Optional.of(name);
  }

  /** Returns the address to post to; call it only if no variable is missing. */
  URI address(Map<String, String> env) {
    return URI.create(
        webhook.startsWith(FROM_ENV) ? env.get(webhook.substring(FROM_ENV.length())) : webhook);
  }

  private static boolean isAddress(String text) {
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme());
      return uri.getHost() != null && scheme.matches("(?i)https?");
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
