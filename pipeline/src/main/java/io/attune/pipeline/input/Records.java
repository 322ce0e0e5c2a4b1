package io.attune.pipeline.input;

import io.attune.pipeline.input.stream.TextEncoding;
import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/** Reads the records of one file, one at a time, whatever its format; not of a columnar one. */
public interface Records extends Iterator<RawRecord>, Closeable {

  /** Returns the names of the columns, where the file has them; empty where each record does. */
  List<String> header();

  /** Returns the encoding that it is read in; empty where the format says it. */
  default Optional<TextEncoding> encoding() {
    return Optional.empty();
  }

  /**
   * Opens a file.
   *
   * @param element of XML, the name of the elements that are records
   * @param wanted columns of Avro and XML; the others are not decoded
   */
  static Records open(
      FileLayout layout, String file, String element, Set<String> wanted, Configuration hadoop)
      throws IOException {
    return switch (layout.format().of(file)) {
      case AVRO -> AvroReader.open(file, wanted, hadoop);
      case XML -> XmlReader.open(file, element, wanted, hadoop);
      default -> of(RecordReader.open(layout, file, hadoop));
    };
  }

  /** Opens the records that begin in a part of a large file of text. */
  static Records openRange(
      FileLayout layout, String file, RecordReader.Range range, Configuration hadoop) {
    return of(RecordReader.openRange(layout, file, range, hadoop));
  }

  /** Opens a file of text whose first characters are to be checked. */
  static Records openChecked(FileLayout layout, InputFile file, Configuration hadoop) {
    return of(RecordReader.openChecked(layout, file, hadoop));
  }

  private static Records of(RecordReader reader) {
    return new Records() {
      @Override
      public List<String> header() {
        return reader.header();
      }

      @Override
      public Optional<TextEncoding> encoding() {
        return Optional.of(reader.encoding());
      }

      @Override
      public boolean hasNext() {
        return reader.hasNext();
      }

      @Override
      public RawRecord next() {
        return reader.next();
      }

      @Override
      public void close() throws IOException {
        reader.close();
      }
    };
  }
}
