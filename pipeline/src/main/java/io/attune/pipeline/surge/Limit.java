package io.attune.pipeline.surge;

/**
 * Says how a limit follows from a forecast with mean m, dispersion d and standard error s of log m.
 * All are quantiles of a negative binomial distribution whose variance is a multiple of its mean.
 */
public enum Limit {
  /** Takes mean m and dispersion d, as if the mean were known. */
  PLUG_IN,

  /** Takes the upper quantile of the mean and dispersion d (Noufaily et al. 2013, 3.5). */
  UPPER_MEAN,

  /** Takes mean m and dispersion d + s² m: the uncertainty of the mean is part of the variance. */
  PREDICTIVE
}
