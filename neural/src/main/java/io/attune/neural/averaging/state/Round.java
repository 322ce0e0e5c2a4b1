package io.attune.neural.averaging.state;

/**
 * What happened in one averaging round.
 *
 * @param epoch from 0
 * @param round of the epoch, from 0
 * @param rounds of the epoch
 * @param rowsPlanned rows that the plan gave to the workers
 * @param rowsTrained rows of the workers that are in the average: all that were planned, but for
 *     those of workers that were left out, who are named in a warning
 * @param tokens trained, padding not counted; rows, where the data has no mask
 * @param steps updates made by the workers together
 * @param loss mean over the rows, as they were trained; lower is better
 * @param seconds from the round's start until its average was there
 * @param computeSeconds mean over the workers of the time they spent in forward and backward passes
 * @param readSeconds mean over the workers of the time they spent on minibatches' data
 */
public record Round(
    int epoch,
    int round,
    int rounds,
    int workers,
    long rowsPlanned,
    long rowsTrained,
    long tokens,
    long steps,
    double loss,
    double seconds,
    double computeSeconds,
    double readSeconds) {}
