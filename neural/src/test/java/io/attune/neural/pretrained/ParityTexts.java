package io.attune.neural.pretrained;

import java.util.List;

/** Holds texts that encoders elsewhere were wrong on. */
final class ParityTexts {
  static final List<String> ALL =
      List.of(
          "The company's profit rose 12.5% to EUR 4.2 mn in the third quarter of 2009.",
          "a",
          "",
          "   \t\n ",
          "Café Zürich naïve façade Ångström SMØRREBRØD — déjà vu, coöperate; resume\u0301",
          "证监会发布公告，A股三大指数集体收涨，ST板块领涨。",
          "酒店的WIFI很差，房间隔音不好，但是服务员态度很好！！！",
          "iPhone手机多少钱？NBA总决赛Game 7今晚开打",
          "I loved it 😀👍🏽 🇨🇭 👩‍👩‍👧‍👦 … NOT! :-) <3",
          "BREAKING: NASA & ESA announce @launch #2031 http://example.org/a?b=c&d=%20",
          "ＡＢＣ　ｆｕｌｌｗｉｄｔｈ　１２３，。！",
          "Ελληνικά Русский язык עברית العربية हिन्दी ไทย 한국어 にほんご カタカナ",
          "pneumonoultramicroscopicsilicovolcanoconiosis " + "x".repeat(101),
          "zero\u200bwidth\u00a0space\u00adhyphen\ufeffmark \u0000 \ufffd control\u0007",
          "[CLS] the text [SEP] spells [MASK] special [UNK] tokens [PAD]",
          "$1,234.56 (-7.8%) vs. £9/10 ½ ² № ℝ ™ ﬁne ǅ ß İstanbul ıI",
          "newline\r\nseparated\u2028lines\u2029and\u0085more",
          "𝒜 mathematical 𝟙𝟚 and rare 𠀀𠮷 characters 㐀",
          "Long text. ".repeat(300) + "The end",
          "长文本，超过五百一十二个字。".repeat(60));

  private ParityTexts() {}
}
