package io.lvs4j.linux.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The function of {@code <signal.h>} that says what becomes of a signal. */
public final class SignalCalls {
  private static final MethodHandle SIGNAL =
      Libc.link("signal", FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS));

  private SignalCalls() {}

  /** Lets a signal do what it does by itself (SIG_DFL, which is the null pointer). */
  public static void restoreDefault(int number) {
    try (var arena = Arena.ofConfined()) {
      var state = Libc.state(arena);
      var before = (MemorySegment) SIGNAL.invokeExact(state, number, MemorySegment.NULL);
      if (before.address() == -1) {
        throw new IllegalArgumentException("signal: " + number + " (expected: one of signal(7))");
      }
    } catch (IllegalArgumentException refused) {
      throw refused;
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }
}
