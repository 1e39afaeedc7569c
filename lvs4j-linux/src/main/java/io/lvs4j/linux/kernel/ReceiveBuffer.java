package io.lvs4j.linux.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes room for what arrives while nobody reads. */
public final class ReceiveBuffer {
  private ReceiveBuffer() {}

  /**
   * Grows the receive buffer of a socket. Without CAP_NET_ADMIN it stays within {@code
   * net.core.rmem_max}.
   */
  public static void grow(Kernel kernel, Descriptor descriptor, int bytes)
      throws SystemCallException {
    byte[] room = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(bytes).array();
    int level = SocketConstants.SOL_SOCKET;
    int forced = kernel.setOption(descriptor.value(), level, SocketConstants.SO_RCVBUFFORCE, room);
    if (forced < 0) {
      Refusal.check(
          kernel.setOption(descriptor.value(), level, SocketConstants.SO_RCVBUF, room),
          Capability.NET_ADMIN,
          descriptor + ": set SO_RCVBUF=" + bytes);
    }
  }
}
