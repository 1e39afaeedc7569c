package io.lvs4j.linux.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The functions of {@code <unistd.h>} and {@code <fcntl.h>} that any descriptor needs. */
final class FileCalls {
  private static final FunctionDescriptor TRANSFER =
      FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle READ = Libc.link("read", TRANSFER);
  private static final MethodHandle WRITE = Libc.link("write", TRANSFER);
  private static final MethodHandle CLOSE =
      Libc.link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private FileCalls() {}

  static int read(MemorySegment state, int descriptor, MemorySegment into, long length) {
    try {
      return Libc.result((long) READ.invokeExact(state, descriptor, into, length), state);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }

  static int write(MemorySegment state, int descriptor, MemorySegment data, long length) {
    try {
      return Libc.result((long) WRITE.invokeExact(state, descriptor, data, length), state);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }

  static int close(MemorySegment state, int descriptor) {
    try {
      return Libc.result((int) CLOSE.invokeExact(state, descriptor), state);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }
}
