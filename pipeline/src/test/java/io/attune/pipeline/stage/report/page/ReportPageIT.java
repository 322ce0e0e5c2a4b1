package io.attune.pipeline.stage.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import io.attune.pipeline.stage.report.sample.SampleMood;
import io.attune.pipeline.stage.report.sample.SampleNight;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens the pages in a real browser, as files, like an analyst. */
class ReportPageIT {
  private static final PageLimits LIMITS = new PageLimits(24, 40, 60, 24, 60);
  private static final int MAX_BYTES = 2_000_000;
  private static final List<Path> CHROMIUMS =
      Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
          .map(Path::of)
          .toList();

  private static Playwright playwright;
  private static Browser browser;

  @TempDir private Path folder;

  @BeforeAll
  static void openBrowser() {
    Optional<Path> chromium = CHROMIUMS.stream().filter(Files::isExecutable).findFirst();
    assumeTrue(
        chromium.isPresent(),
        () -> "No Chromium at any of " + CHROMIUMS + "; install one: apt-get install chromium");
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium.orElseThrow())
                    .setHeadless(true)
                    .setArgs(
                        List.of(
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
  }

  @AfterAll
  static void closeBrowser() {
    if (browser != null) {
      browser.close();
    }
    if (playwright != null) {
      playwright.close();
    }
  }

  @Test
  void opensFromTheFileSystemWithoutAnyRequest() throws IOException {
    Visit visit = visit(Pages.night(new SampleNight(1).report(), LIMITS, MAX_BYTES), 1280);

    assertThat(visit.requests()).containsExactly(visit.page().url());
    assertThat(visit.complaints()).isEmpty();
    assertThat(visit.page().locator("h1").innerText())
        .contains("Promoted")
        .contains("2026-01-06.1 replaces 2026-01-05.1");
    assertThat(visit.page().locator("svg[role=img]").count()).isGreaterThanOrEqualTo(8);
  }

  @Test
  void moodOpensFromTheFileSystemWithItsHeadlinesBehindTheTopics() throws IOException {
    Visit visit =
        visit(
            Pages.mood(SampleMood.mood(), SampleMood.alerts(), Optional.of(SampleMood.advice())),
            1280);

    assertThat(visit.requests()).containsExactly(visit.page().url());
    assertThat(visit.complaints()).isEmpty();
    assertThat(visit.page().locator("#alerts article").first().innerText())
        .contains("Negative news about NVL", "Regulator fines Novela after probe");
    assertThat(visit.page().locator(".story .example").first().isVisible()).isFalse();
    visit.page().locator(".story summary").first().click();
    assertThat(visit.page().locator(".story .example").first().isVisible()).isTrue();
  }

  @Test
  void scriptInAHeadlineIsShownAsTextAndNeverRuns() throws IOException {
    Visit visit = visit(Pages.night(new SampleNight(1).report(), LIMITS, MAX_BYTES), 1280);

    assertThat(visit.page().locator("#examples").innerText())
        .contains("<script>alert(1)</script> \"quoted\" & 'so' on");
    assertThat(visit.page().locator("#intake").innerText()).contains("<script>alert(1)</script>");
    assertThat(visit.page().locator("script").count()).isZero();
    assertThat(visit.complaints()).isEmpty();
  }

  /** Verifies the visit itself: one that noticed nothing would pass every other test. */
  @Test
  void visitNoticesAPageThatRunsScriptsAndUsesTheNetwork() throws IOException {
    String page = "<script>alert(1)</script><img src='http://attune.invalid/x.png'>";

    Visit visit = visit(page.getBytes(StandardCharsets.UTF_8), 1280);

    assertThat(visit.requests()).contains("http://attune.invalid/x.png");
    assertThat(visit.complaints()).contains("dialog: 1").hasSizeGreaterThan(1);
  }

  @Test
  void everyDrawingHasATitleAndADescription() throws IOException {
    Visit visit = visit(Pages.night(new SampleNight(1).report(), LIMITS, MAX_BYTES), 1280);

    Object unnamed =
        visit
            .page()
            .evaluate(
                "() => [...document.querySelectorAll('svg[role=img]')].filter(s =>"
                    + " !s.getAttribute('aria-labelledby').split(' ').every(id =>"
                    + " document.getElementById(id)?.textContent.length > 3)).length");
    assertThat(unnamed).isEqualTo(0);
  }

  @Test
  void fitsANarrowScreenWithoutScrollingSideways() throws IOException {
    for (SampleNight night : List.of(new SampleNight(1), new SampleNight(10))) {
      Visit visit = visit(Pages.night(night.report(), LIMITS, MAX_BYTES), 390);

      assertThat(visit.page().evaluate("() => document.documentElement.scrollWidth"))
          .isEqualTo(390);
    }
  }

  @Test
  void tenTimesTheNightStaysWithinTheBoundAndOpens() throws IOException {
    byte[] page = Pages.night(new SampleNight(10).report(), LIMITS, MAX_BYTES);

    Visit visit = visit(page, 1280);

    assertThat(page.length).isLessThanOrEqualTo(MAX_BYTES);
    assertThat(visit.complaints()).isEmpty();
    assertThat(visit.page().locator("#intake").innerText()).contains("of 50 shown");
  }

  @Test
  void pageOverAllRunsLinksToEachNight() throws IOException {
    NightLine line = NightLine.of(new SampleNight(1).report());
    Visit visit = visit(Pages.overview(List.of(line, line), 2, List.of()), 1280);

    assertThat(visit.requests()).containsExactly(visit.page().url());
    assertThat(visit.complaints()).isEmpty();
    assertThat(visit.page().locator("#runs a").first().getAttribute("href"))
        .isEqualTo("news/2026-01-06.1/index.html");
    assertThat(visit.page().locator("#runs").innerText()).contains("promoted");
  }

  /**
   * Holds a page that was opened.
   *
   * @param requests every address it requested
   * @param complaints errors, console messages and dialogs
   */
  private record Visit(Page page, List<String> requests, List<String> complaints) {}

  private Visit visit(byte[] html, int width) throws IOException {
    Path file = Files.write(folder.resolve("index.html"), html);
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(width, 900)
                .setColorScheme(ColorScheme.LIGHT));
    Page page = context.newPage();
    Visit visit = new Visit(page, new ArrayList<>(), new ArrayList<>());
    page.onRequest(request -> visit.requests().add(request.url()));
    page.onConsoleMessage(message -> visit.complaints().add(message.text()));
    page.onPageError(visit.complaints()::add);
    page.onDialog(
        dialog -> {
          visit.complaints().add("dialog: " + dialog.message());
          dialog.dismiss();
        });
    page.navigate(file.toUri().toString());
    return visit;
  }
}
