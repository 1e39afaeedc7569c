package io.lvs4j.linux.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The functions of {@code <sys/socket.h>}. */
final class SocketCalls {
  private static final MethodHandle SOCKET =
      Libc.link("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle BIND = Libc.link("bind", Libc.intPointerInt());
  private static final MethodHandle SETSOCKOPT =
      Libc.link(
          "setsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle GETSOCKOPT =
      Libc.link(
          "getsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
  private static final FunctionDescriptor MESSAGE =
      FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SENDMSG = Libc.link("sendmsg", MESSAGE);
  private static final MethodHandle RECVMSG = Libc.link("recvmsg", MESSAGE);

  private SocketCalls() {}

  static int socket(MemorySegment state, int domain, int type, int protocol) {
    try {
      return Libc.result((int) SOCKET.invokeExact(state, domain, type, protocol), state);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }

  static int bind(MemorySegment state, int descriptor, MemorySegment address, int length) {
    try {
      return Libc.result((int) BIND.invokeExact(state, descriptor, address, length), state);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }

  static int setsockopt(
      MemorySegment state, int descriptor, int level, int option, MemorySegment value, int length) {
    try {
      return Libc.result(
          (int) SETSOCKOPT.invokeExact(state, descriptor, level, option, value, length), state);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }

  static int getsockopt(
      MemorySegment state,
      int descriptor,
      int level,
      int option,
      MemorySegment value,
      MemorySegment length) {
    try {
      return Libc.result(
          (int) GETSOCKOPT.invokeExact(state, descriptor, level, option, value, length), state);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }

  static int sendmsg(MemorySegment state, int descriptor, MemorySegment message, int flags) {
    try {
      return Libc.result((long) SENDMSG.invokeExact(state, descriptor, message, flags), state);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }

  static int recvmsg(MemorySegment state, int descriptor, MemorySegment message, int flags) {
    try {
      return Libc.result((long) RECVMSG.invokeExact(state, descriptor, message, flags), state);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }
}
