package io.attune.pipeline.surge.alert;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;

/**
 * Options of {@link NightAlerts}.
 *
 * @param falseDiscoveries the fraction of the alarms of a night that may be false; over many
 *     nights, most of them without a surge, the fraction is higher
 * @param explained a surge is explained by its parent's if, given that, a count of at least its
 *     size has this probability or more, divided by the number of such surges
 */
public record AlertOptions(double falseDiscoveries, double explained) implements Serializable {
  public static final AlertOptions DEFAULTS = new AlertOptions(0.1, 0.01);

  public AlertOptions {
    require(
        falseDiscoveries > 0 && falseDiscoveries <= 1,
        "the rate of false discoveries must be in (0, 1], got %s",
        falseDiscoveries);
    require(
        explained > 0 && explained < 1,
        "the probability of what is explained must be in (0, 1), got %s",
        explained);
  }
}
