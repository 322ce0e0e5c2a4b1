package io.attune.pipeline.input.xml;

import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Holds what the elements of an XML file are.
 *
 * @param record the name of the elements that are records; empty where none is found
 * @param columns of the records, as the reader of XML names them
 * @param fault why the text is no XML; empty if it is
 * @param isCut whether the fault is in the last line, as in a text that is cut there
 */
public record XmlOutline(
    Optional<String> record, List<String> columns, Optional<String> fault, boolean isCut) {
  /** Names records where there is one alone in a file. */
  private static final Set<String> USUAL =
      Set.of("item", "entry", "record", "row", "doc", "document", "article", "review", "newsItem");

  private static final int MAX_DEPTH = 50;
  private static final int MAX_COLUMNS = 1000;

  public XmlOutline {
    columns = List.copyOf(columns);
  }

  /** Holds all elements of one name below all elements of another. */
  private static final class Node {
    private final String name;
    private final Map<String, Node> children = new LinkedHashMap<>();
    private final Set<String> attributes = new LinkedHashSet<>();
    private long count;
    private long characters;
    private boolean hasOwnText;

    Node(String name) {
      this.name = name;
    }

    /** Returns whether it is one text, in parts of one kind or with words of its own. */
    boolean isText() {
      return hasOwnText || children.size() < 2;
    }
  }

  /**
   * Makes readers that know no document types and no external entities: a file cannot make them
   * open another one, and cannot grow by its own definitions.
   */
  public static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    return factory;
  }

  /**
   * Reads the start of a file.
   *
   * @param text may end anywhere
   */
  public static XmlOutline of(String text) {
    Node root = new Node("");
    Optional<String> fault = Optional.empty();
    boolean isCut = false;
    try {
      read(root, factory().createXMLStreamReader(new StringReader(text)));
    } catch (XMLStreamException e) {
      fault = Optional.of(String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
      isCut = e.getLocation() != null && e.getLocation().getLineNumber() >= text.lines().count();
    }
    Optional<Node> record = record(root);
    List<String> columns = new ArrayList<>();
    record.ifPresent(found -> collect(found, "", columns));
    return new XmlOutline(record.map(found -> found.name), columns, fault, isCut);
  }

  private static void read(Node root, XMLStreamReader in) throws XMLStreamException {
    Deque<Node> open = new ArrayDeque<>();
    open.push(root);
    while (in.hasNext()) {
      int event = in.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        String prefix = in.getPrefix();
        String name =
            prefix == null || prefix.isEmpty()
                ? in.getLocalName()
                : prefix + ":" + in.getLocalName();
        Node below =
            open.size() > MAX_DEPTH
                ? open.peek()
                : open.peek().children.computeIfAbsent(name, Node::new);
        below.count++;
        for (int i = 0; i < in.getAttributeCount(); i++) {
          String space = in.getAttributePrefix(i);
          below.attributes.add(
              (space == null || space.isEmpty() ? "" : space + ":") + in.getAttributeLocalName(i));
        }
        open.push(below);
      } else if (event == XMLStreamConstants.END_ELEMENT) {
        open.pop();
      } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
        String found = in.getText().strip();
        open.peek().hasOwnText |= !found.isEmpty();
        new LinkedHashSet<>(open).forEach(node -> node.characters += found.length());
      }
    }
  }

  /**
   * Finds the records: the elements nearest to the root that repeat and hold most of the text, or
   * one with a usual name.
   */
  private static Optional<Node> record(Node root) {
    List<Node> level = List.copyOf(root.children.values());
    Optional<Node> usual = Optional.empty();
    while (!level.isEmpty()) {
      for (Node node : level) {
        boolean isWhole = !node.children.isEmpty() || !node.attributes.isEmpty();
        if (node.count > 1 && isWhole && node.characters * 2 >= root.characters) {
          return Optional.of(node);
        }
        if (usual.isEmpty() && USUAL.contains(node.name) && isWhole) {
          usual = Optional.of(node);
        }
      }
      level = level.stream().flatMap(node -> node.children.values().stream()).toList();
    }
    return usual;
  }

  private static void collect(Node node, String prefix, List<String> columns) {
    node.attributes.forEach(attribute -> columns.add(prefix + "@" + attribute));
    for (Node child : node.children.values()) {
      if (columns.size() >= MAX_COLUMNS) {
        return;
      }
      if (child.isText()) {
        columns.add(prefix + child.name);
        child.attributes.forEach(attribute -> columns.add(prefix + child.name + ".@" + attribute));
      } else {
        collect(child, prefix + child.name + ".", columns);
      }
    }
  }
}
