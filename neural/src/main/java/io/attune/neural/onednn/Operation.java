package io.attune.neural.onednn;

import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;

/** Runs one compiled operation on any operands of its shapes; one thread at a time. */
public final class Operation {

  /** Points to an operand without owning its memory. */
  private static final class Address extends Pointer {
    void moveTo(long start) {
      address = start;
    }
  }

  /**
   * Describes an operand.
   *
   * @param argument oneDNN's number of the argument
   */
  record Argument(int argument, memory.desc layout) {}

  private final primitive code;
  private final stream order;
  private final memory[] operands;
  private final IntMemoryMap arguments = new IntMemoryMap();
  private final Address address = new Address();

  Operation(primitive code, engine processor, stream order, List<Argument> given) {
    this.code = code;
    this.order = order;
    operands = new memory[given.size()];
    for (int i = 0; i < operands.length; i++) {
      operands[i] = new memory(given.get(i).layout(), processor, new Pointer());
      arguments.put(given.get(i).argument(), operands[i]);
    }
  }

  /**
   * Runs the operation.
   *
   * @param addresses of the operands, in the order that its maker states
   */
  public void run(long... addresses) {
    for (int i = 0; i < operands.length; i++) {
      address.moveTo(addresses[i]);
      operands[i].set_data_handle(address);
    }
    code.execute(order, arguments);
  }

  /** Frees its code. */
  void close() {
    arguments.deallocate();
    for (memory operand : operands) {
      operand.deallocate();
    }
    code.deallocate();
  }
}
