package io.attune.neural.nd4j;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderLayout.Role;
import io.attune.neural.encoder.EncoderLayout.Slot;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.LoraConfig;
import io.attune.neural.encoder.LoraConfig.Adapted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Computes the parameters of an encoder with low-rank adaptation, and the gradients of the factors
 * (Hu et al. 2021, 4.1), so that no backend knows of it: one that computes with W' = W + s down up
 * returns the gradient dW', of which d down = s dW' upᵀ and d up = s downᵀ dW'.
 *
 * <p>The products cost rank * in * out operations for a minibatch, a forward pass tokens * in *
 * out.
 */
public final class Nd4jLora {
  private final EncoderLayout layout;
  private final double scale;
  private final INDArray effective;
  private final INDArray gradient;
  private final List<Matrix> matrices = new ArrayList<>();
  private final List<Learned> pooling = new ArrayList<>();
  private INDArray viewed;
  private Map<String, INDArray> trained = Map.of();
  private INDArray viewedGradients;
  private Map<String, INDArray> gradients = Map.of();

  /**
   * Holds one adapted matrix, {@code [in, out]}.
   *
   * @param product memory for the product of the factors; matrices share it
   */
  private record Matrix(
      String down,
      String up,
      INDArray frozen,
      INDArray effective,
      INDArray gradient,
      INDArray product) {}

  /** Holds a parameter that is trained as it is. */
  private record Learned(String name, INDArray effective, INDArray gradient) {}

  /**
   * Allocates memory for the encoder's parameters and their gradient.
   *
   * @param frozen parameters in the layout of the shape, never changed; a pooling is not read
   */
  public Nd4jLora(EncoderShape shape, LoraConfig lora, INDArray frozen, DataType dataType) {
    layout = EncoderLayout.adapted(shape, lora);
    scale = lora.scale();
    EncoderLayout whole = EncoderLayout.of(shape);
    long poolingLength =
        layout.slots().stream().filter(Nd4jLora::isLearned).mapToLong(Slot::length).sum();
    long length = whole.length() - poolingLength;
    require(
        frozen.length() >= length,
        "low-rank adaptation needs the encoder's %d parameters, got %d",
        length,
        frozen.length());
    // The memory outlives the workspace of the caller.
    MemoryWorkspace workspaces = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
    try {
      INDArray base = part(frozen.reshape(frozen.length()), length).castTo(dataType);
      effective = Nd4j.zeros(dataType, whole.length());
      gradient = Nd4j.zeros(dataType, whole.length());
      part(effective, length).assign(base);
      addMatrices(lora.of(whole), base);
      addPooling(whole);
    } finally {
      workspaces.close();
    }
  }

  private static boolean isLearned(Slot slot) {
    return slot.role() != Role.DOWN && slot.role() != Role.UP;
  }

  private static INDArray part(INDArray flat, long length) {
    return flat.get(NDArrayIndex.interval(0, length));
  }

  private void addMatrices(List<Adapted> adapted, INDArray base) {
    long most =
        adapted.stream()
            .mapToLong(one -> (long) one.weight().rows() * one.columns())
            .max()
            .orElseThrow();
    INDArray memory = Nd4j.createUninitialized(effective.dataType(), most);
    for (Adapted one : adapted) {
      int rows = one.weight().rows();
      matrices.add(
          new Matrix(
              one.down(),
              one.up(),
              view(base, one),
              view(effective, one),
              view(gradient, one),
              part(memory, (long) rows * one.columns()).reshape('c', rows, one.columns())));
    }
  }

  /** Returns the matrix in a flat vector. */
  private static INDArray view(INDArray flat, Adapted matrix) {
    Slot weight = matrix.weight();
    return flat.get(NDArrayIndex.interval(weight.offset(), weight.end()))
        .reshape('c', weight.rows(), weight.columns())
        .get(NDArrayIndex.all(), NDArrayIndex.interval(matrix.from(), matrix.to()));
  }

  private void addPooling(EncoderLayout whole) {
    Map<String, INDArray> values = whole.views(effective);
    Map<String, INDArray> derivatives = whole.views(gradient);
    layout.slots().stream()
        .filter(Nd4jLora::isLearned)
        .map(slot -> slot.name())
        .forEach(name -> pooling.add(new Learned(name, values.get(name), derivatives.get(name))));
  }

  /**
   * Returns the encoder's parameters, valid until the next call.
   *
   * @param parameters trained ones, in the layout of {@link EncoderLayout#adapted}
   */
  public INDArray effective(INDArray parameters) {
    MemoryWorkspace workspaces = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
    try {
      view(parameters);
      for (Matrix matrix : matrices) {
        Nd4jMath.product(
            scale, trained.get(matrix.down()), trained.get(matrix.up()), matrix.product());
        Nd4jMath.add(matrix.frozen(), matrix.product(), matrix.effective());
      }
      pooling.forEach(learned -> learned.effective().assign(trained.get(learned.name())));
      return effective;
    } finally {
      workspaces.close();
    }
  }

  private void view(INDArray parameters) {
    if (viewed != parameters) {
      trained = layout.views(parameters);
      viewed = parameters;
    }
  }

  /** Returns memory for the gradient of the encoder's parameters, which {@link #project} reads. */
  public INDArray gradient() {
    return gradient;
  }

  /**
   * Computes the gradient of the trained parameters.
   *
   * @param parameters trained ones, of the last {@link #effective}
   * @param trainedGradient in their layout; overwritten
   */
  public void project(INDArray parameters, INDArray trainedGradient) {
    MemoryWorkspace workspaces = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
    try {
      view(parameters);
      if (viewedGradients != trainedGradient) {
        gradients = layout.views(trainedGradient);
        viewedGradients = trainedGradient;
      }
      for (Matrix matrix : matrices) {
        INDArray down = trained.get(matrix.down());
        INDArray up = trained.get(matrix.up());
        Nd4jMath.productWithTransposed(scale, matrix.gradient(), up, gradients.get(matrix.down()));
        Nd4jMath.productOfTransposed(scale, down, matrix.gradient(), gradients.get(matrix.up()));
      }
      pooling.forEach(learned -> gradients.get(learned.name()).assign(learned.gradient()));
    } finally {
      workspaces.close();
    }
  }
}
