package io.lvs4j.linux;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.kernel.Capability;
import io.lvs4j.linux.kernel.Descriptor;
import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.Refusal;
import io.lvs4j.linux.kernel.SocketConstants;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A counter that one thread waits for and any thread adds to. */
final class Waker implements AutoCloseable {
  private static final byte[] ONE =
      ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(1).array();

  private final Kernel kernel;
  private final Descriptor descriptor;
  // Guards against a write into a descriptor that was closed, and belongs to another by now.
  private final Object lock = new Object();
  private boolean closed;

  private Waker(Kernel kernel, Descriptor descriptor) {
    this.kernel = kernel;
    this.descriptor = descriptor;
  }

  static Waker open(Kernel kernel) throws HostNetworkException {
    int opened = kernel.eventCounter(SocketConstants.EFD_NONBLOCK | SocketConstants.EFD_CLOEXEC);
    Refusal.check(opened, Capability.NET_ADMIN, "open an event counter");
    return new Waker(kernel, new Descriptor(kernel, opened, "event counter"));
  }

  Descriptor descriptor() {
    return descriptor;
  }

  /** Makes the descriptor ready. After {@link #close} it does nothing. */
  void wake() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      int result;
      do {
        result = kernel.write(descriptor.value(), ONE);
      } while (Errno.EINTR.is(result));
      // EAGAIN: the counter is full, so whoever waits is woken anyway.
      if (result < 0 && !Errno.EAGAIN.is(result)) {
        throw new IllegalStateException("write to the event counter: " + Errno.ofResult(result));
      }
    }
  }

  /** Makes the descriptor not ready. */
  void reset() throws HostNetworkException {
    int result = kernel.read(descriptor.value(), new byte[8]);
    if (result < 0 && !Errno.EAGAIN.is(result) && !Errno.EINTR.is(result)) {
      throw Refusal.of(Errno.ofResult(result), Capability.NET_ADMIN, "read the event counter");
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      descriptor.close();
    }
  }
}
