package io.attune.jobs.hooks;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Configures who is notified of a night: the group {@code hooks} of a task's configuration.
 *
 * @param onSuccess the night ended, or nothing was new
 * @param onFailure the night stopped
 * @param onAlert the night ended and needs attention: the current model was kept, or a stage warned
 */
public record HooksConfig(Hook onSuccess, Hook onFailure, Hook onAlert) {
  /** Notifies no one. */
  public static final HooksConfig NONE = new HooksConfig(Hook.NONE, Hook.NONE, Hook.NONE);

  public HooksConfig {
    onSuccess = onSuccess == null ? Hook.NONE : onSuccess;
    onFailure = onFailure == null ? Hook.NONE : onFailure;
    onAlert = onAlert == null ? Hook.NONE : onAlert;
  }

  /** Returns each hook by its key. */
  public Map<String, Hook> byName() {
    Map<String, Hook> hooks = new LinkedHashMap<>();
    hooks.put("on-success", onSuccess);
    hooks.put("on-failure", onFailure);
    hooks.put("on-alert", onAlert);
    return hooks;
  }
}
