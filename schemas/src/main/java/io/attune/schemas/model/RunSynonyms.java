package io.attune.schemas.model;

/**
 * Records the copies of training documents that one run made with synonyms: {@value #FILE_NAME}
 * beside the run's tokenizer and in its dataset, and a part of {@code training.json}; absent
 * without {@code tokenize.synonyms}.
 *
 * @param list SHA-256 of the list of synonyms
 * @param groups of synonyms in the list
 * @param share of the occurrences of a word of the list that a copy replaces
 * @param copiesEach most copies of a document
 * @param copies that were made
 * @param wordsReplaced in all of them
 */
public record RunSynonyms(
    String list, int groups, double share, int copiesEach, long copies, long wordsReplaced) {
  public static final String FILE_NAME = "synonyms.json";
}
