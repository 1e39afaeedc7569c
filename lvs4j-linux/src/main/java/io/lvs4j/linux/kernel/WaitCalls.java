package io.lvs4j.linux.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The functions that wait and wake. */
final class WaitCalls {
  private static final MethodHandle PPOLL =
      Libc.link("ppoll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
  private static final MethodHandle EVENTFD =
      Libc.link("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

  private WaitCalls() {}

  static int ppoll(
      MemorySegment state, MemorySegment descriptors, long count, MemorySegment timeout) {
    try {
      return Libc.result(
          (int) PPOLL.invokeExact(state, descriptors, count, timeout, MemorySegment.NULL), state);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }

  static int eventfd(MemorySegment state, int flags) {
    try {
      return Libc.result((int) EVENTFD.invokeExact(state, 0, flags), state);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }
}
