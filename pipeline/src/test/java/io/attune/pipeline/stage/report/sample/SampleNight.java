package io.attune.pipeline.stage.report.sample;

import io.attune.schemas.report.NightReport;
import java.util.Map;

/**
 * Samples a night of financial news, with hostile text in every field, in any size.
 *
 * @param times how many times as much of everything as an ordinary night has
 */
public record SampleNight(int times) {
  public static final String HOSTILE = "<script>alert(1)</script> \"quoted\" & 'so' on";
  public static final String CONTROLS =
      "Profit \u0000warning\u001b[31m \u202egnp.exe\u2066 \ud800 end";
  public static final String LONG_WORD = "Donaudampfschifffahrt".repeat(12);

  public NightReport report() {
    SampleCorpus corpus = new SampleCorpus(times);
    SampleEvaluation evaluation = new SampleEvaluation(times);
    return NightReport.builder("news", "2026-01-06.1", "2026-01-06")
        .rows(Map.of("train", 38_112L, "validation", 4_731L, "test", 6_004L))
        .tokens(Map.of("train", 1_412_906L, "validation", 176_220L, "test", 224_871L))
        .intake(corpus.intake())
        .rejects(corpus.rejects())
        .changes(corpus.changes())
        .findings(corpus.findings())
        .labels(corpus.labels())
        .timeline(corpus.timeline())
        .evaluation(evaluation.results())
        .slices(evaluation.slices())
        .examples(SampleExamples.of(times))
        .drift(evaluation.drift())
        .priors(evaluation.priors())
        .verdict(SampleModel.verdict())
        .training(SampleModel.training())
        .stages(SampleModel.stages())
        .lineage(SampleModel.lineage())
        .build();
  }

  /** Samples a night that has only what every night has. */
  public static NightReport smallest() {
    return NightReport.builder("t", "2026-01-01.1", "2026-01-01").build();
  }
}
