package io.attune.pipeline.input.stream;

import com.ibm.icu.text.CharsetDetector;
import com.ibm.icu.text.CharsetMatch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Names the encoding of a text, as its bytes show.
 *
 * @param markBytes bytes of the byte order mark, which are not text
 * @param remark how it was found, for a person; empty for UTF-8
 */
public record TextEncoding(Charset charset, int markBytes, String remark) {
  /** Bytes that ICU looks at. */
  private static final int CHUNK = 8000;

  private static final int CHUNKS = 8;

  /** Share of malformed characters in what fits: a few bytes of a file may be damaged. */
  private static final double DAMAGED = 0.005;

  /** Share of control characters, and of characters that Unicode does not assign, in what fits. */
  private static final double ODD = 0.02;

  private static final String MARK_SAYS = "the byte order mark says ";

  private static final String LATIN = "windows-1252";

  /** Fraction of the best confidence from which on {@link #LATIN} is taken. */
  private static final double NEAR = 0.8;

  private static final Pattern LINE_ENDS_OF_ONE_BYTE =
      Pattern.compile("UTF-8|US-ASCII|ISO-8859-.*|windows-125.|KOI8-.");

  private record Mark(String charset, int... bytes) {}

  private static final List<Mark> MARKS =
      List.of(
          new Mark("UTF-32LE", 0xFF, 0xFE, 0, 0),
          new Mark("UTF-32BE", 0, 0, 0xFE, 0xFF),
          new Mark("UTF-8", 0xEF, 0xBB, 0xBF),
          new Mark("UTF-16LE", 0xFF, 0xFE),
          new Mark("UTF-16BE", 0xFE, 0xFF),
          new Mark("GB18030", 0x84, 0x31, 0x95, 0x33));

  private static final String NEARLY_UTF_8 = "UTF-8 with ";

  /** Bytes that stand for line ends, separators and digits, and as the first byte for little. */
  private static final byte[] SEPARATORS = "\n\r\t ,;\"12".getBytes(StandardCharsets.US_ASCII);

  /**
   * Returns whether somebody should look at it: it was guessed, or is not as it was declared. UTF-8
   * with a few damaged characters is neither; clean rejects the documents that have too many.
   */
  public boolean isDoubtful() {
    return !remark.isEmpty() && !remark.startsWith(MARK_SAYS) && !remark.startsWith(NEARLY_UTF_8);
  }

  /** Finds the encoding that was declared, unless a byte order mark says another. */
  static TextEncoding declared(String name, byte[] head) {
    Charset declared = Charset.forName(name);
    TextEncoding marked = marked(head);
    if (marked == null) {
      return new TextEncoding(declared, 0, "");
    }
    boolean same = marked.charset.name().startsWith(declared.name());
    return same
        ? new TextEncoding(marked.charset, marked.markBytes, "")
        : new TextEncoding(
            marked.charset,
            marked.markBytes,
            "encoding %s was declared, and the byte order mark says %s, which is taken"
                .formatted(declared.name(), marked.charset.name()));
  }

  /**
   * Finds the encoding of a file by its byte order mark, as UTF-8 where that is valid, else by
   * statistics of ICU among the encodings in which the bytes are valid.
   *
   * @param pieces of the file, the first from its start
   */
  static TextEncoding detected(List<byte[]> pieces) {
    TextEncoding marked = marked(pieces.get(0));
    if (marked != null) {
      return marked;
    }
    Fit utf8 = Fit.of(StandardCharsets.UTF_8, pieces);
    if (utf8.malformed() == 0 && utf8.zeros() == 0) {
      return new TextEncoding(StandardCharsets.UTF_8, 0, "");
    }
    String wide = wide(pieces);
    if (wide != null) {
      return new TextEncoding(
          Charset.forName(wide), 0, "without a byte order mark; %s fits".formatted(wide));
    }
    if (utf8.malformed() * 2 <= utf8.beyondAscii()) {
      String remark =
          utf8.malformed() == 0
              ? ""
              : (NEARLY_UTF_8 + "%,d damaged characters in the part that was looked at")
                  .formatted(utf8.malformed());
      return new TextEncoding(StandardCharsets.UTF_8, 0, remark);
    }
    return guessed(pieces, utf8);
  }

  /**
   * Returns whether a line end is one byte in it that is part of no other character, however the
   * text is damaged, so that text can be read from behind any line end.
   */
  public boolean hasLineEndsOfOneByte() {
    return LINE_ENDS_OF_ONE_BYTE.matcher(charset.name()).matches();
  }

  private static TextEncoding marked(byte[] head) {
    for (Mark mark : MARKS) {
      boolean is = head.length >= mark.bytes.length;
      for (int i = 0; is && i < mark.bytes.length; i++) {
        is = (head[i] & 0xFF) == mark.bytes[i];
      }
      if (is) {
        String remark = mark.charset.equals("UTF-8") ? "" : MARK_SAYS + mark.charset;
        return new TextEncoding(Charset.forName(mark.charset), mark.bytes.length, remark);
      }
    }
    return null;
  }

  /** Returns the UTF-16 without a mark that a text is in; null if it is in neither. */
  private static String wide(List<byte[]> pieces) {
    long pairs = 0;
    long little = 0;
    long big = 0;
    byte[] head = pieces.get(0);
    for (int i = 0; i + 1 < head.length; i += 2) {
      pairs++;
      little += head[i + 1] == 0 && isSeparator(head[i]) ? 1 : 0;
      big += head[i] == 0 && isSeparator(head[i + 1]) ? 1 : 0;
    }
    String name = little > big ? "UTF-16LE" : "UTF-16BE";
    boolean clear =
        Math.max(little, big) >= Math.max(1, pairs / 100)
            && Math.max(little, big) >= 10 * Math.min(little, big);
    Fit fit = clear ? Fit.of(Charset.forName(name), List.of(head)) : null;
    return fit != null && fit.zeros() == 0 && fit.fits() ? name : null;
  }

  private static boolean isSeparator(byte value) {
    for (byte separator : SEPARATORS) {
      if (value == separator) {
        return true;
      }
    }
    return false;
  }

  private static TextEncoding guessed(List<byte[]> pieces, Fit utf8) {
    Map<String, Integer> confidences = new TreeMap<>();
    for (byte[] chunk : chunks(pieces)) {
      CharsetDetector detector = new CharsetDetector();
      detector.setText(chunk);
      for (CharsetMatch match : detector.detectAll()) {
        // Windows-1252 has ISO-8859-1's characters, and letters where that has control codes.
        String name = match.getName().equals("ISO-8859-1") ? LATIN : match.getName();
        if (!name.startsWith("UTF-") && !name.startsWith("ISO-2022") && isCharset(name)) {
          confidences.merge(name, match.getConfidence(), Integer::sum);
        }
      }
    }
    List<String> fitting = new ArrayList<>();
    // Of the encodings of one byte, which are hard to tell apart, the one that is most in use.
    int best = confidences.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    confidences.computeIfPresent(
        LATIN, (name, sum) -> sum >= NEAR * best ? Math.max(sum, best + 1) : sum);
    confidences.entrySet().stream()
        .sorted(
            Comparator.comparing((Map.Entry<String, Integer> entry) -> -entry.getValue())
                .thenComparing(Map.Entry::getKey))
        .filter(entry -> Fit.of(Charset.forName(entry.getKey()), pieces).fits())
        .forEach(entry -> fitting.add(entry.getKey()));
    if (fitting.isEmpty()) {
      return new TextEncoding(
          StandardCharsets.UTF_8,
          0,
          "no encoding fits; read as UTF-8 with %,d damaged characters in the part that was looked at"
              .formatted(utf8.malformed()));
    }
    String next = fitting.size() > 1 ? "; the next-best guess is " + fitting.get(1) : "";
    return new TextEncoding(
        Charset.forName(fitting.get(0)), 0, "not UTF-8; %s fits%s".formatted(fitting.get(0), next));
  }

  private static boolean isCharset(String name) {
    try {
      return Charset.isSupported(name);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Collects the lines that are not ASCII, evenly over the pieces: ICU looks at the first bytes
   * only, and they may be in English.
   */
  private static List<byte[]> chunks(List<byte[]> pieces) {
    List<byte[]> lines = new ArrayList<>();
    for (byte[] piece : pieces) {
      int start = 0;
      boolean ascii = true;
      for (int i = 0; i <= piece.length; i++) {
        // No encoding that ICU knows has this byte within a character.
        boolean cut = i == piece.length || piece[i] == '\n';
        if (cut) {
          if (!ascii) {
            lines.add(java.util.Arrays.copyOfRange(piece, start, Math.min(piece.length, i + 1)));
          }
          start = i + 1;
          ascii = true;
        } else {
          ascii &= piece[i] >= 0;
        }
      }
    }
    List<byte[]> chunks = new ArrayList<>();
    int step = Math.max(1, lines.size() / 4096);
    ByteArrayOutputStream chunk = new ByteArrayOutputStream();
    for (int i = 0; i < lines.size() && chunks.size() < CHUNKS; i += step) {
      chunk.write(lines.get(i), 0, Math.min(lines.get(i).length, CHUNK));
      if (chunk.size() >= CHUNK) {
        chunks.add(chunk.toByteArray());
        chunk.reset();
      }
    }
    if (chunk.size() > 0) {
      chunks.add(chunk.toByteArray());
    }
    return chunks;
  }

  /** Counts what an encoding makes of the pieces. */
  private record Fit(long characters, long beyondAscii, long malformed, long odd, long zeros) {
    static Fit of(Charset charset, List<byte[]> pieces) {
      DecodedCount count = new DecodedCount(charset);
      for (int i = 0; i < pieces.size(); i++) {
        count.add(pieces.get(i), i > 0);
      }
      return new Fit(
          count.characters(), count.beyondAscii(), count.malformed(), count.odd(), count.zeros());
    }

    boolean fits() {
      return malformed <= DAMAGED * beyondAscii && odd <= ODD * characters;
    }
  }
}
