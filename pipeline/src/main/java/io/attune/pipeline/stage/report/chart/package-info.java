/** Draws the charts of the report as SVG that needs no network. */
package io.attune.pipeline.stage.report.chart;
