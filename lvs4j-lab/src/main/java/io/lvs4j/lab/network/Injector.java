package io.lvs4j.lab.network;

import io.lvs4j.linux.kernel.Descriptor;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.NativeKernel;
import io.lvs4j.linux.kernel.SocketConstants;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Sends frames from a host as they are, right or wrong. */
public final class Injector implements AutoCloseable {
  private static final int LINK_ADDRESS = 20;

  private final Kernel kernel = new NativeKernel();
  private final Descriptor descriptor;
  private final byte[] card;

  private Injector() throws IOException {
    int type = SocketConstants.SOCK_RAW | SocketConstants.SOCK_CLOEXEC;
    int opened = kernel.socket(SocketConstants.AF_PACKET, type, 0);
    if (opened < 0) {
      throw new IOException("packet socket: error " + -opened);
    }
    this.descriptor = new Descriptor(kernel, opened, "injector");
    // struct sockaddr_ll of packet(7), of which only family and interface matter here.
    this.card =
        ByteBuffer.allocate(LINK_ADDRESS)
            .order(ByteOrder.nativeOrder())
            .putShort((short) SocketConstants.AF_PACKET)
            .putShort((short) 0)
            .putInt(NetworkInterface.getByName(Host.CARD).getIndex())
            .array();
  }

  /** Opens one on the card of a host. */
  public static Injector on(Host host) {
    return host.call(Injector::new);
  }

  /** Sends a frame, Ethernet header and all. */
  public void send(byte[] frame) {
    int sent = kernel.send(descriptor.value(), frame, card, 0);
    if (sent != frame.length) {
      throw new IllegalStateException("frame: " + sent + " (expected: all bytes sent)");
    }
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
