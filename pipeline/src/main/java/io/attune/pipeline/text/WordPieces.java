package io.attune.pipeline.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Cuts words as WordPiece does (Wu et al. 2016): always the longest token that the rest of the word
 * begins with; a word with a rest that none begins is unknown as a whole. The tokens stand in a
 * trie.
 */
final class WordPieces implements WordModel {
  private static final int ROOT = 0;

  private final LongMap children;
  private final int[] idOfNode; // ABSENT where no token ends
  private final int continuation; // the node of the prefix of tokens inside a word
  private final int unknown;
  private final int longest;

  private WordPieces(Map<String, Integer> vocabulary, String prefix, int unknown, int longest) {
    this.unknown = unknown;
    this.longest = longest;
    Trie trie = new Trie();
    continuation = trie.node(prefix);
    vocabulary.forEach((token, id) -> trie.ids.put(trie.node(token), id));
    children = trie.children;
    idOfNode = new int[trie.nodes];
    Arrays.setAll(idOfNode, trie.ids::get);
  }

  /** Returns the model of a file; empty if it has parts that are not BERT's. */
  static Optional<WordModel> of(JsonNode model) {
    Map<String, Integer> vocabulary = new HashMap<>();
    model
        .path("vocab")
        .fields()
        .forEachRemaining(token -> vocabulary.put(token.getKey(), token.getValue().asInt(-1)));
    Integer unknown = vocabulary.get(model.path("unk_token").asText());
    JsonNode prefix = model.path("continuing_subword_prefix");
    JsonNode longest = model.path("max_input_chars_per_word");
    boolean usual =
        unknown != null
            && prefix.isTextual()
            && !prefix.asText().isEmpty()
            && longest.canConvertToInt()
            && longest.asInt() >= 0
            && !vocabulary.containsKey("")
            && vocabulary.values().stream().allMatch(id -> id >= 0);
    return usual
        ? Optional.of(new WordPieces(vocabulary, prefix.asText(), unknown, longest.asInt()))
        : Optional.empty();
  }

  @Override
  public int longest() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void append(int[] characters, int from, int to, IdList ids) {
    int before = ids.size();
    if (to - from > longest) {
      ids.add(unknown);
      return;
    }
    int start = from;
    while (start < to) {
      int node = start == from ? ROOT : continuation;
      int found = LongMap.ABSENT;
      int end = start;
      for (int i = start; i < to; i++) {
        node = children.get(edge(node, Characters.point(characters[i])));
        if (node == LongMap.ABSENT) {
          break;
        }
        if (idOfNode[node] != LongMap.ABSENT) {
          found = idOfNode[node];
          end = i + 1;
        }
      }
      if (found == LongMap.ABSENT) {
        ids.truncate(before);
        ids.add(unknown);
        return;
      }
      ids.add(found);
      start = end;
    }
  }

  private static long edge(int node, int point) {
    return (long) node << 21 | point; // a code point has 21 bits
  }

  /** Holds the trie while it grows. */
  private static final class Trie {
    private final LongMap children = new LongMap();
    private final LongMap ids = new LongMap();
    private int nodes = 1;

    /** Returns the node of a text; makes it where there is none. */
    int node(String text) {
      int node = ROOT;
      for (int i = 0; i < text.length(); ) {
        int point = text.codePointAt(i);
        i += Character.charCount(point);
        long edge = edge(node, point);
        node = children.get(edge);
        if (node == LongMap.ABSENT) {
          node = nodes++;
          children.put(edge, node);
        }
      }
      return node;
    }
  }
}
