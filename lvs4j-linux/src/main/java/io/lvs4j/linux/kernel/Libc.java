package io.lvs4j.linux.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The C library, linked by hand. Linking takes milliseconds, so each domain does it when used. */
final class Libc {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private Libc() {}

  /** Returns a handle whose first argument is the {@link #state} to put errno in. */
  @SuppressWarnings("restricted") // the one module that may: see LinuxNative
  static MethodHandle link(String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(address(name), type, Linker.Option.captureCallState("errno"));
  }

  /** The same for a function with {@code ...} after its first arguments. */
  @SuppressWarnings("restricted")
  static MethodHandle linkVariadic(String name, FunctionDescriptor type, int firstVariadic) {
    return LINKER.downcallHandle(
        address(name),
        type,
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(firstVariadic));
  }

  private static MemorySegment address(String name) {
    return LINKER
        .defaultLookup()
        .find(name)
        .orElseThrow(() -> new UnsatisfiedLinkError("no function " + name + " in the C library"));
  }

  /** Returns room for the errno of one call. Two calls never share it: they would race. */
  static MemorySegment state(Arena arena) {
    return arena.allocate(STATE);
  }

  /** Returns the result of a call, or the negated errno when that is -1. */
  static int result(long returned, MemorySegment state) {
    return returned == -1 ? -(int) ERRNO.get(state, 0L) : Math.toIntExact(returned);
  }

  /** Returns a copy of the bytes, outside of the heap; the null pointer for none. */
  static MemorySegment copy(Arena arena, byte[] bytes) {
    return bytes.length == 0
        ? MemorySegment.NULL
        : copyFrom(arena.allocate(bytes.length, 8), bytes);
  }

  private static MemorySegment copyFrom(MemorySegment segment, byte[] bytes) {
    return segment.copyFrom(MemorySegment.ofArray(bytes));
  }

  /** Copies bytes back into the heap. */
  static void copyBack(MemorySegment from, byte[] into, int length) {
    MemorySegment.copy(from, 0, MemorySegment.ofArray(into), 0, length);
  }

  /** The shape {@code int f(int, void *, int)}, which many calls share: each new one costs. */
  static FunctionDescriptor intPointerInt() {
    return FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  }

  /** What a method handle threw; a call into C throws nothing of its own. */
  static AssertionError unexpected(Throwable thrown) {
    return new AssertionError("a call of the C library threw", thrown);
  }
}
