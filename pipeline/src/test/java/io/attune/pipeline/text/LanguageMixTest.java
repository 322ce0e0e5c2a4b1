package io.attune.pipeline.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LanguageMixTest {
  private static Optional<String> language(String... texts) {
    LanguageMix mix = new LanguageMix();
    List.of(texts).forEach(text -> mix.add(null, text));
    return mix.main();
  }

  @Test
  void tellsEnglishAndChineseByTheirTexts() {
    assertThat(
            language(
                "Shares of Nokia rose 4 % after the report",
                "Net sales doubled to EUR 131m from EUR 76m",
                "The room was small but clean, and the staff helped us"))
        .contains("en");
    assertThat(language("房间很小，但是很干净", "A股三大指数集体收涨 ST板块", "2019年净利润同比增长")).contains("zh");
  }

  @Test
  void otherLanguagesAreNotTakenForEnglish() {
    assertThat(
            language(
                "Das Zimmer war klein, aber sauber und ruhig",
                "Der Umsatz ist im dritten Quartal nicht gestiegen"))
        .contains("de");
    assertThat(language("Номер был маленький, но чистый")).isEmpty();
    assertThat(language("部屋は小さいですが、とてもきれいでした")).isEmpty();
    assertThat(language("xqz wvb kjh", "zzt qpl")).isEmpty();
  }

  @Test
  void aMixHasNoMainLanguage() {
    assertThat(language("The room was small", "It is of the best", "房间很小", "房间很好")).isEmpty();
    assertThat(language("", "12.5", "…")).isEmpty();
    assertThat(language()).isEmpty();
  }

  @Test
  void saysTheShareOfEachLanguageThatIsKnown() {
    LanguageMix mix = new LanguageMix();
    for (int i = 0; i < 3; i++) {
      mix.add(null, "The room was small, and it is of the best");
      mix.add("zh-CN", "");
      mix.add("und", "?");
    }
    mix.add("fr", "");

    assertThat(mix.shares(0)).containsExactly(entry("en", 0.3), entry("fr", 0.1), entry("zh", 0.3));
    assertThat(mix.shares(0.2)).containsOnlyKeys("en", "zh");
    assertThat(LanguageMix.main(mix.shares(0))).isEmpty();
  }

  @Test
  void aDeclaredLanguageCounts() {
    LanguageMix mix = new LanguageMix();
    mix.add("en-GB", "Umsatz im dritten Quartal");
    mix.add("EN", "房间很小");
    assertThat(mix.main()).contains("en");
  }
}
