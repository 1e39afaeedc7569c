package io.lvs4j.linux.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The kernel of this machine, through its C library.
 *
 * <p>Each call has an arena of its own for the bytes it passes and for errno, so calls of several
 * threads don't meet. That costs some tens of nanoseconds, beside a system call of hundreds.
 */
public final class NativeKernel implements Kernel {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  @Override
  public int socket(int domain, int type, int protocol) {
    try (var arena = Arena.ofConfined()) {
      return SocketCalls.socket(Libc.state(arena), domain, type, protocol);
    }
  }

  @Override
  public int bind(int descriptor, byte[] address) {
    try (var arena = Arena.ofConfined()) {
      return SocketCalls.bind(
          Libc.state(arena), descriptor, Libc.copy(arena, address), address.length);
    }
  }

  @Override
  public int setOption(int descriptor, int level, int option, byte[] value) {
    try (var arena = Arena.ofConfined()) {
      return SocketCalls.setsockopt(
          Libc.state(arena), descriptor, level, option, Libc.copy(arena, value), value.length);
    }
  }

  @Override
  public int getOption(int descriptor, int level, int option, byte[] value) {
    try (var arena = Arena.ofConfined()) {
      var buffer = Libc.copy(arena, value);
      var length = arena.allocate(JAVA_INT);
      length.set(JAVA_INT, 0, value.length);
      int result =
          SocketCalls.getsockopt(Libc.state(arena), descriptor, level, option, buffer, length);
      if (result < 0) {
        return result;
      }
      int filled = Math.min(length.get(JAVA_INT, 0), value.length);
      Libc.copyBack(buffer, value, filled);
      return filled;
    }
  }

  @Override
  public int attachFilter(int descriptor, byte[] program) {
    try (var arena = Arena.ofConfined()) {
      var head = arena.allocate(Layouts.SOCK_FPROG, 8);
      head.set(JAVA_SHORT, 0, (short) (program.length / Layouts.SOCK_FILTER));
      head.set(ADDRESS, Layouts.SOCK_FPROG_FILTER, Libc.copy(arena, program));
      return SocketCalls.setsockopt(
          Libc.state(arena),
          descriptor,
          SocketConstants.SOL_SOCKET,
          SocketConstants.SO_ATTACH_FILTER,
          head,
          Layouts.SOCK_FPROG);
    }
  }

  @Override
  public int send(int descriptor, byte[] message, byte[] address, int flags) {
    try (var arena = Arena.ofConfined()) {
      var head = messageHead(arena, Libc.copy(arena, message), message.length);
      head.set(ADDRESS, Layouts.MSGHDR_NAME, Libc.copy(arena, address));
      head.set(JAVA_INT, Layouts.MSGHDR_NAMELEN, address.length);
      return SocketCalls.sendmsg(Libc.state(arena), descriptor, head, flags);
    }
  }

  @Override
  public int receive(int descriptor, Reception reception, int flags) {
    try (var arena = Arena.ofConfined()) {
      var data = arena.allocate(reception.data().length, 8);
      var name = arena.allocate(reception.address().length, 8);
      var control = arena.allocate(Math.max(1, reception.control().length), 8);
      var head = messageHead(arena, data, reception.data().length);
      head.set(ADDRESS, Layouts.MSGHDR_NAME, name);
      head.set(JAVA_INT, Layouts.MSGHDR_NAMELEN, reception.address().length);
      head.set(ADDRESS, Layouts.MSGHDR_CONTROL, control);
      head.set(JAVA_LONG, Layouts.MSGHDR_CONTROLLEN, reception.control().length);
      int result = SocketCalls.recvmsg(Libc.state(arena), descriptor, head, flags);
      if (result < 0) {
        return result;
      }
      // With MSG_TRUNC asked for, the kernel returns the length that it would have taken.
      int length = Math.min(result, reception.data().length);
      int nameLength =
          Math.min(head.get(JAVA_INT, Layouts.MSGHDR_NAMELEN), reception.address().length);
      int controlLength = (int) head.get(JAVA_LONG, Layouts.MSGHDR_CONTROLLEN);
      Libc.copyBack(data, reception.data(), length);
      Libc.copyBack(name, reception.address(), nameLength);
      Libc.copyBack(control, reception.control(), controlLength);
      reception.filled(length, controlLength, nameLength, head.get(JAVA_INT, Layouts.MSGHDR_FLAGS));
      return length;
    }
  }

  private static MemorySegment messageHead(Arena arena, MemorySegment data, long length) {
    var vector = arena.allocate(Layouts.IOVEC, 8);
    vector.set(ADDRESS, 0, data);
    vector.set(JAVA_LONG, Layouts.IOVEC_LEN, length);
    var head = arena.allocate(Layouts.MSGHDR, 8);
    head.set(ADDRESS, Layouts.MSGHDR_IOV, vector);
    head.set(JAVA_LONG, Layouts.MSGHDR_IOVLEN, 1);
    return head;
  }

  @Override
  public int open(String path, int flags) {
    try (var arena = Arena.ofConfined()) {
      return DeviceCalls.open(Libc.state(arena), arena.allocateFrom(path), flags);
    }
  }

  @Override
  public int read(int descriptor, byte[] into) {
    try (var arena = Arena.ofConfined()) {
      var buffer = arena.allocate(into.length, 8);
      int result = FileCalls.read(Libc.state(arena), descriptor, buffer, into.length);
      if (result > 0) {
        Libc.copyBack(buffer, into, result);
      }
      return result;
    }
  }

  @Override
  public int write(int descriptor, byte[] data) {
    try (var arena = Arena.ofConfined()) {
      return FileCalls.write(Libc.state(arena), descriptor, Libc.copy(arena, data), data.length);
    }
  }

  @Override
  public int control(int descriptor, long request, byte[] argument) {
    try (var arena = Arena.ofConfined()) {
      var copy = Libc.copy(arena, argument);
      int result = DeviceCalls.ioctl(Libc.state(arena), descriptor, request, copy);
      Libc.copyBack(copy, argument, argument.length);
      return result;
    }
  }

  @Override
  public int eventCounter(int flags) {
    try (var arena = Arena.ofConfined()) {
      return WaitCalls.eventfd(Libc.state(arena), flags);
    }
  }

  @Override
  public int poll(int[] descriptors, boolean[] ready, long timeoutNanos) {
    try (var arena = Arena.ofConfined()) {
      var polled = arena.allocate((long) Layouts.POLLFD * descriptors.length, 8);
      for (int i = 0; i < descriptors.length; i++) {
        long at = (long) Layouts.POLLFD * i;
        polled.set(JAVA_INT, at, descriptors[i]);
        polled.set(JAVA_SHORT, at + Layouts.POLLFD_EVENTS, (short) SocketConstants.POLLIN);
      }
      var timeout = arena.allocate(Layouts.TIMESPEC, 8);
      timeout.set(JAVA_LONG, 0, timeoutNanos / NANOS_PER_SECOND);
      timeout.set(JAVA_LONG, Layouts.TIMESPEC_NANOS, timeoutNanos % NANOS_PER_SECOND);
      int result = WaitCalls.ppoll(Libc.state(arena), polled, descriptors.length, timeout);
      for (int i = 0; i < descriptors.length && result >= 0; i++) {
        long at = (long) Layouts.POLLFD * i;
        ready[i] = polled.get(JAVA_SHORT, at + Layouts.POLLFD_REVENTS) != 0;
      }
      return result;
    }
  }

  @Override
  public int enterNamespace(int descriptor, int kind) {
    try (var arena = Arena.ofConfined()) {
      return DeviceCalls.setns(Libc.state(arena), descriptor, kind);
    }
  }

  @Override
  public int setScheduler(int policy) {
    try (var arena = Arena.ofConfined()) {
      return SchedulingCalls.setScheduler(
          Libc.state(arena), policy, arena.allocate(JAVA_INT)); // struct sched_param: priority 0
    }
  }

  @Override
  public int setNice(int nice) {
    try (var arena = Arena.ofConfined()) {
      return SchedulingCalls.setPriority(Libc.state(arena), nice);
    }
  }

  @Override
  public int close(int descriptor) {
    try (var arena = Arena.ofConfined()) {
      return FileCalls.close(Libc.state(arena), descriptor);
    }
  }
}
