package io.attune.jobs.init;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads what the name of a column says about its meaning.
 *
 * @param words of the name, in lower case: {@code reviewText} and {@code review_text} are {@code
 *     review, text}
 */
record ColumnName(String name, List<String> words) {
  private static final Set<String> TEXTS =
      Set.of(
          "text", "content", "contents", "body", "review", "reviews", "comment", "comments",
          "message", "tweet", "sentence", "article", "document", "post", "utterance", "question",
          "query", "reviewtext", "fulltext", "story", "passage", "feedback", "paragraph",
          "评论", "内容", "正文", "文本", "句子", "评价", "全文", "评论内容", "新闻内容", "文章");
  private static final Set<String> SHORT_TEXTS =
      Set.of("description", "summary", "abstract", "snippet", "lead", "teaser", "摘要", "描述", "简介");
  private static final Set<String> TITLES =
      Set.of(
          "title", "titles", "headline", "headlines", "subject", "heading", "标题", "题目", "新闻标题");
  private static final Set<String> NOT_TEXTS =
      Set.of(
          "id", "url", "uri", "link", "href", "user", "author", "name", "username", "reviewer", "image",
          "path", "file", "keyword", "keywords", "tag", "tags", "hash", "uuid", "location", "address",
          "byline", "用户", "作者", "地址", "关键词");
  private static final Set<String> LABELS =
      Set.of(
          "sentiment", "folder", "label", "labels", "stars", "star", "rating", "ratings", "class", "category",
          "categories", "topic", "topics", "polarity", "intent", "intents", "emotion", "emotions",
          "mood", "target", "tag", "tags", "overall", "score", "stance", "spam", "toxic", "genre",
          "section", "subject", "y", "gold", "annotation", "标签", "标注", "类别", "分类", "情感", "情绪",
          "正负面", "评分", "星级", "类型", "极性", "情感倾向", "主题", "栏目");
  private static final Set<String> NOT_LABELS =
      Set.of(
          "source", "publisher", "author", "user", "name", "username", "stock", "ticker", "symbol",
          "company", "asin", "isbn", "product", "item", "sku", "brand", "city", "country", "location",
          "place", "region", "state", "hotel", "shop", "store", "verified", "helpful", "votes", "vote",
          "count", "counts", "likes", "retweets", "number", "num", "total", "length", "offset", "size",
          "price", "year", "month", "day", "hour", "weekday", "date", "time", "version", "index",
          "row", "page", "lang", "language", "locale", "query", "flag", "id", "code", "agreement",
          "annotator", "confidence", "gender", "age", "market", "marketplace", "currency", "platform",
          "device", "url", "parent", "customer", "purchase", "vine", "reviewer", "channel", "domain",
          "公司", "代码", "城市", "用户", "作者", "来源", "时间", "日期", "编号");
  private static final Set<String> AFTER_LABEL =
      Set.of("id", "idx", "index", "code", "name", "text", "value", "str");
  private static final Set<String> DATES =
      Set.of(
          "date", "dates", "time", "datetime", "timestamp", "created", "published", "publish",
          "posted", "pubdate", "ts", "unix", "epoch", "utc", "updated", "modified", "crawled", "seen",
          "day", "日期", "时间", "发布时间", "发布日期", "发表时间", "评论时间");
  private static final Set<String> LATE_DATES =
      Set.of(
          "updated", "update", "modified", "edited", "crawled", "crawl", "scraped", "fetched",
          "retrieved", "accessed", "downloaded", "ingested", "loaded", "更新时间", "抓取时间");
  private static final Set<String> SOURCES =
      Set.of(
          "source", "publisher", "outlet", "provider", "newspaper", "media", "site", "website",
          "domain", "feed", "shop", "store", "newswire", "来源", "媒体", "网站", "店铺");
  private static final Set<String> ENTITIES =
      Set.of(
          "ticker", "tickers", "stock", "stocks", "symbol", "symbols", "isin", "entity", "entities",
          "company", "companies", "cashtag", "cashtags", "公司", "代码", "股票", "股票代码", "证券代码");
  private static final Set<String> LANGUAGES = Set.of("lang", "language", "locale", "语言");
  private static final Set<String> SPLITS =
      Set.of("split", "set", "subset", "partition", "fold", "usage", "划分");
  private static final Set<String> IDS =
      Set.of("id", "ids", "uuid", "guid", "docid", "docno", "key", "idstr", "编号", "序号");
  private static final Set<String> OTHERS_IDS =
      Set.of(
          "user", "author", "customer", "product", "item", "parent", "reply", "business", "hotel",
          "conversation", "reviewer", "member", "account", "thread", "shop", "store", "session");
  private static final Set<String> ROWS = Set.of("index", "unnamed", "row", "rownum", "行号");

  /** Reads a name; of a path such as {@code user.name} every part counts. */
  static ColumnName of(String name) {
    String parted = name.replaceAll("(\\p{Ll})(\\p{Lu})", "$1 $2").toLowerCase(Locale.ROOT);
    List<String> words =
        Arrays.stream(parted.split("[^\\p{L}]+")).filter(word -> !word.isEmpty()).toList();
    return new ColumnName(name, words);
  }

  private boolean isOf(Collection<String> names) {
    return names.contains(String.join("", words));
  }

  private boolean endsWith(Collection<String> names) {
    return !words.isEmpty() && names.contains(words.get(words.size() - 1));
  }

  private boolean has(Collection<String> names) {
    return words.stream().anyMatch(names::contains);
  }

  /** Returns how much the name says for a text, from -4 to 5. */
  double textWeight() {
    if (isOf(TEXTS)) {
      return 5;
    }
    if (has(NOT_TEXTS)) {
      return -4;
    }
    if (endsWith(TEXTS)) {
      return has(Set.of("clean", "cleaned", "processed", "tokenized", "stemmed")) ? 3.5 : 4.5;
    }
    return endsWith(SHORT_TEXTS) ? 3.5 : isTitle() ? 2 : has(TEXTS) ? 1 : 0;
  }

  boolean isTitle() {
    return endsWith(TITLES) && !has(NOT_TEXTS);
  }

  /** Returns whether the name is that of a second, shorter text beside a long one. */
  boolean isSummary() {
    return endsWith(SHORT_TEXTS);
  }

  /** Returns whether the name says that the values are classes. */
  boolean isLabel() {
    boolean behind =
        words.size() > 1 && endsWith(AFTER_LABEL) && LABELS.contains(words.get(words.size() - 2));
    return endsWith(LABELS) || behind;
  }

  /** Returns whether labels of that name are grades, of which there are few. */
  boolean isGrade() {
    return endsWith(Set.of("stars", "star", "rating", "ratings", "overall", "score", "评分", "星级"));
  }

  boolean isNoLabel() {
    return has(NOT_LABELS) || has(SOURCES) || has(ENTITIES);
  }

  boolean isDate() {
    return has(DATES) || has(LATE_DATES) || (words.size() > 1 && endsWith(Set.of("at", "on")));
  }

  /** Returns how well the name fits the time of publication. */
  int dateWeight() {
    if (has(LATE_DATES)) {
      return 0;
    } else if (has(Set.of("published", "publish", "publication", "pubdate", "pub", "发布时间", "发布日期"))) {
      return 6;
    } else if (endsWith(Set.of("date", "dates", "日期"))) {
      return 5;
    } else if (has(Set.of("created", "posted"))) {
      return 4;
    }
    return isDate() ? 3 : 1;
  }

  boolean isSource() {
    return endsWith(SOURCES);
  }

  boolean isEntity() {
    return endsWith(ENTITIES);
  }

  boolean isLanguage() {
    return has(LANGUAGES);
  }

  boolean isSplit() {
    return endsWith(SPLITS);
  }

  /** Returns how well the name fits the id of a document; 0 if not at all. */
  int idWeight() {
    if (has(OTHERS_IDS)) {
      return 0;
    }
    return isOf(IDS) ? 3 : endsWith(IDS) || endsWith(Set.of("str")) && has(IDS) ? 2 : 0;
  }

  /** Returns whether the name is that of a number of rows, as tools write it in front. */
  boolean isRowNumber() {
    return words.isEmpty() ? !name.matches(".*\\p{L}.*") : has(ROWS);
  }

  /** Returns whether a file without a header was given the name. */
  boolean isUnnamed() {
    return name.matches("(column-)?\\d+");
  }
}
