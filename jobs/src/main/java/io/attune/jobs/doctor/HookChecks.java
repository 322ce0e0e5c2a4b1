package io.attune.jobs.doctor;

import io.attune.jobs.doctor.Check.Subject;
import io.attune.jobs.hooks.Hook;
import io.attune.jobs.hooks.HooksConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks whether the hooks of a task can be run. */
final class HookChecks {
  private static final Subject HOOKS =
      new Subject("hooks", "a failed night without a notification");

  private HookChecks() {}

  static Check examine(HooksConfig hooks, Map<String, String> env) {
    List<String> set = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (Map.Entry<String, Hook> entry : hooks.byName().entrySet()) {
      Hook hook = entry.getValue();
      if (hook.isSet()) {
        set.add(entry.getKey());
      }
      if (!hook.command().isEmpty() && !isThere(hook.command().get(0), env)) {
        faults.add(
            "%s: no program '%s' can be run".formatted(entry.getKey(), hook.command().get(0)));
      }
      hook.missingVariable(env)
          .ifPresent(name -> faults.add("%s: %s is not set".formatted(entry.getKey(), name)));
    }
    if (!faults.isEmpty()) {
      return HOOKS.warning(
          String.join("; ", faults), "fix hooks in the configuration, or set the variable");
    }
    return HOOKS.ok(set.isEmpty() ? "none" : String.join(", ", set));
  }

  private static boolean isThere(String program, Map<String, String> env) {
    return program.contains("/")
        ? Files.isExecutable(Path.of(program))
        : GpuChecks.find(program, env).isPresent();
  }
}
