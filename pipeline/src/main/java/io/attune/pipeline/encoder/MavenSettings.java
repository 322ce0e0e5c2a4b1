package io.attune.pipeline.encoder;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Holds what Attune honours of a user's {@code settings.xml} of Maven.
 *
 * @param localRepository the folder, if it is not the usual one
 * @param offline whether nothing may be downloaded
 * @param mirror address that stands for Maven Central
 */
record MavenSettings(Optional<String> localRepository, boolean offline, Optional<String> mirror) {
  private static final MavenSettings NONE =
      new MavenSettings(Optional.empty(), false, Optional.empty());

  /**
   * Reads the file; without one everything is as usual.
   *
   * @throws Failure.BadInput if it is not XML
   */
  static MavenSettings read(Path file) {
    if (!Files.exists(file)) {
      return NONE;
    }
    try (InputStream in = Files.newInputStream(file)) {
      Document settings = parse(in);
      return new MavenSettings(
          text(settings.getDocumentElement(), "localRepository"),
          text(settings.getDocumentElement(), "offline").filter("true"::equals).isPresent(),
          mirrorOfCentral(settings));
    } catch (IOException | SAXException | ParserConfigurationException e) {
      throw new Failure.BadInput(e, "Cannot read Maven's '%s': %s", file, e.getMessage());
    }
  }

  private static Document parse(InputStream in)
      throws IOException, SAXException, ParserConfigurationException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    var builder = factory.newDocumentBuilder();
    builder.setErrorHandler(null); // it would write to standard error
    return builder.parse(in);
  }

  private static Optional<String> mirrorOfCentral(Document settings) {
    NodeList mirrors = settings.getElementsByTagName("mirror");
    for (int i = 0; i < mirrors.getLength(); i++) {
      Element mirror = (Element) mirrors.item(i);
      String of = text(mirror, "mirrorOf").orElse("");
      if (of.equals("*") || of.equals("external:*") || of.equals("central")) {
        return text(mirror, "url");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> text(Element within, String tag) {
    NodeList found = within.getElementsByTagName(tag);
    return found.getLength() == 0
        ? Optional.empty()
        : Optional.of(found.item(0).getTextContent().strip()).filter(text -> !text.isEmpty());
  }
}
