package io.attune.pipeline.input;

import io.attune.pipeline.input.stream.FileBytes;
import io.attune.pipeline.input.xml.XmlOutline;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.hadoop.conf.Configuration;

/**
 * Reads the elements of one name in an XML file as records, such as the items of a feed. A column
 * is an element below the record, {@code title} or {@code contentSet.inlineXML.p}, or an attribute,
 * {@code @id} or {@code link.@href}; names have their prefix as it is written. The text of elements
 * that repeat is joined by line feeds; a column holds all text below its element.
 *
 * <p>Document types and external entities are not read: a file cannot make the reader open another
 * one, and cannot grow by its own definitions. Only one record is in memory.
 */
final class XmlReader extends ItemReader {
  /** Limits the text of one record; a longer one is a reject, and its rest is skipped. */
  static final int MAX_CHARACTERS = 32 << 20;

  private static final int MAX_DEPTH = 500;

  private final String file;
  private final String element;
  private final Set<String> wanted;
  private final InputStream bytes;
  private final XMLStreamReader in;
  private long records;

  private XmlReader(String file, String element, Set<String> wanted, InputStream bytes)
      throws XMLStreamException {
    this.file = file;
    this.element = element;
    this.wanted = wanted;
    this.bytes = bytes;
    this.in = XmlOutline.factory().createXMLStreamReader(bytes);
  }

  /**
   * Opens a file, compressed or not.
   *
   * @param element the name of the elements that are records
   * @param wanted columns
   */
  static XmlReader open(String file, String element, Set<String> wanted, Configuration hadoop)
      throws IOException {
    InputStream bytes = FileBytes.open(file, hadoop);
    try {
      return new XmlReader(file, element, wanted, bytes);
    } catch (XMLStreamException e) {
      bytes.close();
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public List<String> header() {
    return List.of();
  }

  @Override
  RawRecord item() throws IOException {
    try {
      while (in.hasNext()) {
        if (in.next() == XMLStreamConstants.START_ELEMENT && name().equals(element)) {
          records++;
          return record();
        }
      }
      return null;
    } catch (XMLStreamException e) {
      if (e.getNestedException() instanceof IOException broken) {
        throw broken;
      }
      throw new Failure.BadInput(
          e,
          "'%s' is not well-formed XML behind its %,d. record: %s; nothing of it was taken; fix what"
              + " writes it",
          file,
          records,
          String.valueOf(e.getMessage()).replace('\n', ' '));
    }
  }

  private RawRecord record() throws XMLStreamException, IOException {
    long line = in.getLocation().getLineNumber();
    Map<String, StringBuilder> texts = new LinkedHashMap<>();
    Deque<String> open = new ArrayDeque<>();
    attributes("", texts);
    long characters = 0;
    while (true) {
      int event = in.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        String above = open.isEmpty() ? "" : open.peek() + ".";
        String path = open.size() < MAX_DEPTH ? above + name() : above + "…";
        open.push(path);
        separate(path, texts);
        attributes(path + ".", texts);
      } else if (event == XMLStreamConstants.END_ELEMENT) {
        if (open.isEmpty()) {
          return finished(line, texts, characters);
        }
        open.pop();
      } else if (event == XMLStreamConstants.CHARACTERS
          || event == XMLStreamConstants.CDATA
          || event == XMLStreamConstants.SPACE
          || event == XMLStreamConstants.ENTITY_REFERENCE) {
        String text =
            event == XMLStreamConstants.ENTITY_REFERENCE
                ? "&" + in.getLocalName() + ";"
                : in.getText();
        characters += text.length();
        if (characters <= MAX_CHARACTERS) {
          append(open, text, texts);
        }
      } else if (event == XMLStreamConstants.END_DOCUMENT) {
        throw new IOException("it ends inside the record that begins in line " + line);
      }
    }
  }

  private static RawRecord finished(long line, Map<String, StringBuilder> texts, long characters) {
    Map<String, String> fields = new LinkedHashMap<>();
    texts.forEach(
        (column, text) -> {
          String value = text.toString().strip();
          if (!value.isEmpty()) {
            fields.put(column, value);
          }
        });
    return characters > MAX_CHARACTERS
        ? RawRecord.malformed(
            line,
            fields.toString(),
            "the record has %,d characters, more than %,d".formatted(characters, MAX_CHARACTERS))
        : RawRecord.of(line, fields, fields.toString());
  }

  /** Adds text to the column of each element that is open around it. */
  private void append(Deque<String> open, String text, Map<String, StringBuilder> texts) {
    for (String column : open) {
      if (wanted.contains(column)) {
        texts.computeIfAbsent(column, any -> new StringBuilder()).append(text);
      }
    }
  }

  private void separate(String column, Map<String, StringBuilder> texts) {
    StringBuilder text = wanted.contains(column) ? texts.get(column) : null;
    if (text != null) {
      text.append('\n');
    }
  }

  private void attributes(String above, Map<String, StringBuilder> texts) {
    for (int i = 0; i < in.getAttributeCount(); i++) {
      String prefix = in.getAttributePrefix(i);
      String name = prefix == null || prefix.isEmpty() ? "" : prefix + ":";
      String column = above + "@" + name + in.getAttributeLocalName(i);
      if (wanted.contains(column)) {
        separate(column, texts);
        texts.computeIfAbsent(column, any -> new StringBuilder()).append(in.getAttributeValue(i));
      }
    }
  }

  private String name() {
    String prefix = in.getPrefix();
    return prefix == null || prefix.isEmpty()
        ? in.getLocalName()
        : prefix + ":" + in.getLocalName();
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
