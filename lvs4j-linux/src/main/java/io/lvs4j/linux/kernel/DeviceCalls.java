package io.lvs4j.linux.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The functions that open and govern devices and namespaces. */
final class DeviceCalls {
  private static final MethodHandle OPEN =
      Libc.linkVariadic("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), 2);
  private static final MethodHandle IOCTL =
      Libc.linkVariadic("ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), 2);
  private static final MethodHandle SETNS =
      Libc.link("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

  private DeviceCalls() {}

  static int open(MemorySegment state, MemorySegment path, int flags) {
    try {
      return Libc.result((int) OPEN.invokeExact(state, path, flags, 0), state);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }

  static int ioctl(MemorySegment state, int descriptor, long request, MemorySegment argument) {
    try {
      return Libc.result((int) IOCTL.invokeExact(state, descriptor, request, argument), state);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }

  static int setns(MemorySegment state, int descriptor, int kind) {
    try {
      return Libc.result((int) SETNS.invokeExact(state, descriptor, kind), state);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }
}
