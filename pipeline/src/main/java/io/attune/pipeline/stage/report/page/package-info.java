/**
 * Renders the pages of the report from a {@code NightReport} and writes no file.
 *
 * <p>The pages are jte templates ({@code src/main/jte}), compiled into this package and escaped by
 * context. The views hold the values that the templates show, already bounded and formatted. Every
 * page is bounded in size whatever the corpus, holds no script and asks for nothing from any
 * network.
 */
package io.attune.pipeline.stage.report.page;
