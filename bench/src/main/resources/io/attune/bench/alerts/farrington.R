# Judges days of series with surveillance::farringtonFlexible.
#
#   Rscript farrington.R INPUT OUTPUT CORES
#
# INPUT holds a series a line: its number; days of a year; days of a week; the days to judge, from 1
# on; the counts. OUTPUT gets a line for each judged day: number, day, p-value ("NA" where too few
# were counted or the model did not converge).
suppressPackageStartupMessages(library(surveillance))
arguments <- commandArgs(trailingOnly = TRUE)

numbers <- function(text) as.numeric(strsplit(text, ",", fixed = TRUE)[[1]])

judge <- function(line) {
  fields <- strsplit(line, ";", fixed = TRUE)[[1]]
  year <- as.numeric(fields[2])
  week <- as.numeric(fields[3])
  days <- numbers(fields[4])
  series <- sts(observed = numbers(fields[5]), frequency = year, start = c(2001, 1))
  # The settings of Noufaily et al. 2013 (five years, windows of three weeks, ten levels, the last
  # half year left out), in days. A range must be without gaps.
  judge_run <- function(range) {
    result <- suppressWarnings(farringtonFlexible(series, control = list(
      range = range, b = 5, w = 3 * week, noPeriods = 10, pastWeeksNotIncluded = 26 * week,
      reweight = TRUE, weightsThreshold = 2.58, trend = TRUE, pThresholdTrend = 0.05,
      alpha = 0.01, limit54 = c(5, 4 * week), thresholdMethod = "nbPlugin", glmWarnings = FALSE)))
    ifelse(is.na(result@upperbound[, 1]), NA, result@control$pvalue[, 1])
  }
  runs <- split(days, cumsum(c(1, diff(days) != 1)))
  p <- unlist(lapply(runs, judge_run), use.names = FALSE)
  paste(fields[1], days, format(p, digits = 12, trim = TRUE), sep = ",")
}

lines <- readLines(arguments[1])
results <- parallel::mclapply(lines, function(line) tryCatch(judge(line), error = function(e)
  stop("series ", strsplit(line, ";")[[1]][1], ": ", conditionMessage(e))),
  mc.cores = as.integer(arguments[3]))
failed <- vapply(results, inherits, logical(1), what = "try-error")
if (any(failed)) stop(results[[which(failed)[1]]])
writeLines(unlist(results), arguments[2])
