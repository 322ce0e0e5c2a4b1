# Writes the series and limits that FarringtonFixtureTest compares Attune's regression with.
#
#   Rscript farrington_fixtures.R FOLDER
#
# FOLDER is pipeline/src/test/resources/io/attune/pipeline/surge. series.csv holds seeded counts of
# weeks; limits.csv what surveillance::farringtonFlexible says of the last ten weeks of each.
suppressPackageStartupMessages(library(surveillance))
folder <- commandArgs(trailingOnly = TRUE)[1]
weeks <- 52 * 7
week <- seq_len(weeks)
season <- cos(2 * pi * week / 52)

draw <- function(seed, mean, dispersion) {
  set.seed(seed)
  if (dispersion == 1) rpois(weeks, mean) else rnbinom(weeks, size = mean / (dispersion - 1), mu = mean)
}
with_outbreak <- function(counts, from, cases) {
  counts[from + seq_along(cases) - 1] <- counts[from + seq_along(cases) - 1] + cases
  counts
}

series <- list(
  plain = draw(1, 20 * exp(0.4 * season), 2),
  outbreaks = with_outbreak(with_outbreak(draw(2, 30 * exp(0.3 * season), 1.5),
    200, c(20, 60, 90, 40, 15)), 358, c(25, 70, 50)),
  rare = draw(3, 0.8 * exp(0.5 * season), 1),
  rising = draw(4, exp(2 + 0.006 * week + 0.2 * season), 3),
  large = draw(5, 2500 * exp(0.2 * season), 40),
  falling = draw(6, exp(4 - 0.004 * week), 1.2))
write.csv(as.data.frame(series), file.path(folder, "series.csv"), row.names = FALSE, quote = FALSE)

options <- list(
  noufaily = list(b = 5, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26, reweight = TRUE,
    trend = TRUE, alpha = 0.005, thresholdMethod = "nbPlugin"),
  muan = list(b = 5, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26, reweight = TRUE,
    trend = TRUE, alpha = 0.05, thresholdMethod = "muan"),
  short = list(b = 3, w = 2, noPeriods = 5, pastWeeksNotIncluded = 4, reweight = FALSE,
    trend = TRUE, alpha = 0.01, thresholdMethod = "muan"),
  windows = list(b = 5, w = 3, noPeriods = 1, pastWeeksNotIncluded = 3, reweight = TRUE,
    trend = TRUE, alpha = 0.01, thresholdMethod = "nbPlugin"),
  flat = list(b = 4, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26, reweight = TRUE,
    trend = FALSE, alpha = 0.01, thresholdMethod = "muan"))

judged <- (weeks - 9):weeks
rows <- list()
for (name in names(series)) {
  for (option in names(options)) {
    control <- c(list(range = judged, weightsThreshold = 2.58, pThresholdTrend = 0.05,
      limit54 = c(0, 4), glmWarnings = FALSE), options[[option]])
    result <- farringtonFlexible(
      sts(observed = series[[name]], frequency = 52, start = c(2001, 1)), control = control)
    told <- result@control
    rows[[length(rows) + 1]] <- data.frame(
      series = name, options = option, years = control$b, window = control$w,
      levels = control$noPeriods, guard = control$pastWeeksNotIncluded,
      reweight = control$reweight, mayTrend = control$trend, alpha = control$alpha,
      method = control$thresholdMethod, week = judged, seen = series[[name]][judged],
      expected = told$expected[, 1], upper = result@upperbound[, 1], quantile = told$mu0Vector[, 1],
      dispersion = told$phiVector[, 1], p = told$pvalue[, 1], trend = told$trendVector[, 1])
  }
}
write.csv(format(do.call(rbind, rows), digits = 15, trim = TRUE),
  file.path(folder, "limits.csv"), row.names = FALSE, quote = FALSE)
