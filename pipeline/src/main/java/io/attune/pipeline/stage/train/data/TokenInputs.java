package io.attune.pipeline.stage.train.data;

import io.attune.neural.encoder.TokenInput;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Gives a network the token ids of rows. */
public record TokenInputs() implements RowInputs {
  private static final long serialVersionUID = 1;

  @Override
  public Input of(List<Row> rows, Configuration files) {
    TokenInput input =
        TokenInput.of(rows.stream().map(row -> row.shard().tokens(row.row())).toList());
    return new Input(input.tokens(), input.mask());
  }
}
