package io.attune.pipeline.input;

import io.attune.pipeline.input.stream.TextWindow;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/**
 * Reads a file as one document. Its columns are {@code id} and {@code path}, both its path below
 * the corpus's folder, {@code folder}, the last folder in it, and {@code text}.
 */
final class WholeTextReader extends RecordReader {
  private final Source source;
  private final TextWindow in;
  private boolean done;

  WholeTextReader(Source source) {
    super(source);
    this.source = source;
    this.in = text();
  }

  @Override
  public List<String> header() {
    return List.of("id", "folder", "path", "text");
  }

  @Override
  RawRecord readNext() throws IOException {
    if (done) {
      return null;
    }
    done = true;
    int max = source.layout().maxRecordCharacters();
    in.mark();
    while (in.offset() <= max && in.read() >= 0) {
      // The window keeps what is read.
    }
    if (in.offset() > max) {
      String raw = in.text(0, RawRecord.MAX_RAW);
      for (int c = in.read(); c >= 0; c = in.read()) {
        in.mark();
      }
      return RawRecord.malformed(
          1,
          raw,
          "the file has more than %,d characters; raise corpora.max-record-characters if it is one"
                  .formatted(max)
              + " document");
    }
    String text = in.text(0, in.offset());
    Path file = new Path(source.file());
    String path = below(source.layout().folder(), file);
    Map<String, String> fields = new HashMap<>();
    fields.put("id", path);
    fields.put("path", path);
    fields.put("folder", file.getParent().getName());
    if (!text.isBlank()) {
      fields.put("text", text);
    }
    return RawRecord.of(1, fields, text);
  }

  @Override
  boolean mayStandStill() {
    return done;
  }

  /** Returns the path of a file below a folder; its last two names where it is elsewhere. */
  private static String below(String folder, Path file) {
    String path = file.toUri().getPath();
    String start = folder == null ? null : new Path(folder).toUri().getPath();
    if (start != null && !start.endsWith("/")) {
      start += "/";
    }
    return start != null && path.startsWith(start)
        ? path.substring(start.length())
        : file.getParent().getName() + "/" + file.getName();
  }
}
