package io.attune.pipeline.surge;

/** Says where the scale of the standard errors of trend and forecast comes from. */
enum Errors {
  /** Takes Pearson's dispersion, as any quasi-likelihood (McCullagh and Nelder 1989, 9.2). */
  PEARSON,

  /**
   * Takes the mean of squared working residuals, weighted by what rows count. R's {@code
   * farringtonFlexible} has this scale since it replaces the working weights of a reweighted model
   * by the weights of its rows before it asks for standard errors. For means above 1 it is smaller.
   */
  SURVEILLANCE
}
