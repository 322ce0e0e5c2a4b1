package io.attune.pipeline.stage.train.data;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.encoder.TokenInput;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;

/**
 * Gives a network the token ids of rows, of which some may be replaced by the unknown token.
 *
 * @param dropout probability with which a token is replaced
 * @param unknown what it is replaced by
 * @param before tokens at the start of a row that are never replaced: special ones
 * @param after likewise at its end
 */
public record TokenInputs(double dropout, int unknown, int before, int after) implements RowInputs {
  private static final long serialVersionUID = 1;

  public TokenInputs {
    require(dropout >= 0 && dropout < 1, "dropout must be in [0, 1), got %s", dropout);
  }

  /** Gives the token ids as they are. */
  public TokenInputs() {
    this(0, 0, 0, 0);
  }

  @Override
  public Input of(List<Row> rows, Configuration files) {
    TokenInput input = TokenInput.of(rows.stream().map(this::tokens).toList());
    return new Input(input.tokens(), input.mask());
  }

  private int[] tokens(Row row) {
    int[] tokens = row.shard().tokens(row.row());
    if (dropout > 0) {
      Random random = new Random(row.seed());
      for (int place = before; place < tokens.length - after; place++) {
        if (random.nextDouble() < dropout) {
          tokens[place] = unknown;
        }
      }
    }
    return tokens;
  }
}
