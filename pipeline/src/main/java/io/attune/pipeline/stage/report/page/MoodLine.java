package io.attune.pipeline.stage.report.page;

import io.attune.schemas.report.AlertFile;
import io.attune.schemas.report.Mood;

/** Holds the mood and the alerts of one night, for the page over all runs. */
public record MoodLine(Mood mood, AlertFile alerts) {}
