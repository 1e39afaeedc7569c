package io.lvs4j.linux.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The functions of {@code <sched.h>} and {@code <sys/resource.h>} about the calling thread. */
final class SchedulingCalls {
  private static final int CALLING_THREAD = 0;
  private static final int PRIO_PROCESS = 0;
  private static final MethodHandle SET_SCHEDULER =
      Libc.link("sched_setscheduler", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle SET_PRIORITY =
      Libc.link("setpriority", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));

  private SchedulingCalls() {}

  static int setScheduler(MemorySegment state, int policy, MemorySegment parameters) {
    try {
      return Libc.result(
          (int) SET_SCHEDULER.invokeExact(state, CALLING_THREAD, policy, parameters), state);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }

  static int setPriority(MemorySegment state, int nice) {
    try {
      return Libc.result(
          (int) SET_PRIORITY.invokeExact(state, PRIO_PROCESS, CALLING_THREAD, nice), state);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }
}
