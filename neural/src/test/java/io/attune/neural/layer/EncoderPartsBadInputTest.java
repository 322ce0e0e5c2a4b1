package io.attune.neural.layer;

import static io.attune.neural.layer.EncoderParts.ROWS;
import static io.attune.neural.layer.EncoderParts.WIDTH;
import static io.attune.neural.layer.EncoderParts.input;
import static io.attune.neural.layer.EncoderParts.mask;
import static io.attune.neural.layer.EncoderParts.network;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.encoder.NonFiniteInput;
import io.attune.neural.layer.EncoderParts.Which;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Tests the messages of every part for input that it refuses. */
class EncoderPartsBadInputTest {

  @Test
  void refusesHeadsThatDoNotDivideTheWidth() {
    for (AbstractEncoderLayer layer :
        List.of(
            new MultiHeadAttentionLayer.Builder().heads(3).build(),
            new TransformerBlockLayer.Builder().heads(3).build())) {
      assertThatThrownBy(() -> network(layer))
          .hasMessage("layer 'part': heads must divide the width, got 3 heads and width 8");
    }
    assertThatThrownBy(() -> new MultiHeadAttentionLayer.Builder().nIn(9).heads(2).build())
        .hasMessage(
            "MultiHeadAttentionLayer: heads must divide the width, got 2 heads and width 9");
  }

  @Test
  void refusesWidthsThatDiffer() {
    assertThatThrownBy(() -> network(new LayerNormLayer.Builder().nOut(6).nIn(6).build()))
        .hasMessage(
            "layer 'part': the widths of input and output must be equal, got nIn 8 and nOut 6");
    assertThatThrownBy(() -> new LayerNormLayer.Builder().nOut(6).nIn(5).build())
        .hasMessage(
            "LayerNormLayer: the widths of input and output must be equal, got nIn 5 and nOut 6");
  }

  @ParameterizedTest
  @EnumSource(Which.class)
  void refusesAMaskOfAnotherShape(Which which) {
    EncoderLayerImpl part = (EncoderLayerImpl) network(which.layer()).getLayer("part");
    INDArray input = atThePart(which);
    assertThatThrownBy(() -> part.attention(input, mask(6)))
        .hasMessage("layer 'part': the mask must have the shape of the tokens [5, 5], got [5, 6]");
  }

  /** Returns an input for the part itself. */
  private static INDArray atThePart(Which which) {
    return which.layer().takesTokens()
        ? input(which.layer(), 5, 0)
        : Nd4j.rand(DataType.FLOAT, ROWS, WIDTH, 5);
  }

  @ParameterizedTest
  @EnumSource(Which.class)
  void refusesAnInputThatIsNotFinite(Which which) {
    EncoderLayerImpl part = (EncoderLayerImpl) network(which.layer()).getLayer("part");
    INDArray input = atThePart(which);
    if (which.layer().takesTokens()) {
      input.putScalar(3, 1, Float.NaN);
      assertThatThrownBy(() -> part.attention(input, mask(5)))
          .hasMessage(
              "layer 'part': token ids must be whole numbers in [0, 12), the vocabulary;"
                  + " got NaN in row 3, column 1 of tokens [5, 5]");
      return;
    }
    input.putScalar(0, 2, 3, Float.POSITIVE_INFINITY);
    input.putScalar(3, 2, 1, Float.NaN);
    assertThatThrownBy(() -> part.attention(input, mask(5)))
        .isInstanceOf(NonFiniteInput.class)
        .hasMessage(
            "layer 'part': the input must be finite, got Infinity in row 0, feature 2, time 3 of"
                + " [5, 8, 5]");
  }

  @ParameterizedTest
  @EnumSource(
      value = Which.class,
      names = {"ATTENTION", "BLOCK"})
  void refusesARowLongerThanTheLayerKnows(Which which) {
    EncoderLayerImpl part = (EncoderLayerImpl) network(which.layer()).getLayer("part");
    assertThatThrownBy(() -> part.attention(Nd4j.zeros(2, WIDTH, 513), null))
        .hasMessage(
            "layer 'part': rows must have at most 512 tokens, got input of shape [2, 8, 513]");
  }

  @Test
  void refusesTokensThatAreTooManyOrUnknown() {
    EncoderLayerImpl part = (EncoderLayerImpl) network(Which.EMBEDDING.layer()).getLayer("part");
    assertThatThrownBy(() -> part.attention(Nd4j.zeros(2, 10), null))
        .hasMessage("layer 'part': rows must have at most 9 tokens, got tokens of shape [2, 10]");
    assertThatThrownBy(() -> part.attention(Nd4j.ones(1, 2).muli(12), null))
        .hasMessage(
            "layer 'part': token ids must be whole numbers in [0, 12), the vocabulary;"
                + " got 12.0 in row 0, column 0 of tokens [1, 2]");
  }

  @Test
  void refusesAnInputOfAnotherShape() {
    EncoderLayerImpl part = (EncoderLayerImpl) network(Which.BLOCK.layer()).getLayer("part");
    assertThatThrownBy(() -> part.attention(Nd4j.zeros(2, 7, 4), null))
        .hasMessage("layer 'part': the input must have the shape [batch, 8, time], got [2, 7, 4]");
    assertThatThrownBy(() -> part.attention(Nd4j.zeros(2, 8), null))
        .hasMessage("layer 'part': the input must have the shape [batch, 8, time], got [2, 8]");
  }
}
