package io.lvs4j.linux.socket;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.kernel.Capability;
import io.lvs4j.linux.kernel.Descriptor;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.ReceiveBuffer;
import io.lvs4j.linux.kernel.Refusal;
import io.lvs4j.linux.kernel.SocketConstants;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A socket on its way to be used: each step says what it is, and {@link #close} undoes all of them
 * unless {@link #done} came first.
 */
final class SocketSetup implements AutoCloseable {
  private final Kernel kernel;
  private final Descriptor descriptor;
  private boolean done;

  private SocketSetup(Kernel kernel, Descriptor descriptor) {
    this.kernel = kernel;
    this.descriptor = descriptor;
  }

  static SocketSetup open(Kernel kernel, int domain, int protocol, String what)
      throws HostNetworkException {
    int type =
        SocketConstants.SOCK_RAW | SocketConstants.SOCK_NONBLOCK | SocketConstants.SOCK_CLOEXEC;
    int opened = kernel.socket(domain, type, protocol);
    Refusal.check(opened, Capability.NET_RAW, "open " + what);
    return new SocketSetup(kernel, new Descriptor(kernel, opened, what));
  }

  void option(int level, int option, int value, String name) throws HostNetworkException {
    option(level, option, bytes(value), name + "=" + value);
  }

  void option(int level, int option, byte[] value, String name) throws HostNetworkException {
    Refusal.check(
        kernel.setOption(descriptor.value(), level, option, value),
        Capability.NET_RAW,
        descriptor + ": set " + name);
  }

  void device(String networkInterface) throws HostNetworkException {
    option(
        SocketConstants.SOL_SOCKET,
        SocketConstants.SO_BINDTODEVICE,
        networkInterface.getBytes(StandardCharsets.UTF_8),
        "SO_BINDTODEVICE");
  }

  void bind(byte[] address, String to) throws HostNetworkException {
    Refusal.check(
        kernel.bind(descriptor.value(), address),
        Capability.NET_RAW,
        descriptor + ": bind to " + to);
  }

  void receiveBuffer(int bytes) throws HostNetworkException {
    ReceiveBuffer.grow(kernel, descriptor, bytes);
  }

  void filter(byte[] program) throws HostNetworkException {
    Refusal.check(
        kernel.attachFilter(descriptor.value(), program),
        Capability.NET_RAW,
        descriptor + ": attach a packet filter");
  }

  Descriptor done() {
    done = true;
    return descriptor;
  }

  @Override
  public void close() {
    if (!done) {
      descriptor.close();
    }
  }

  static byte[] bytes(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
  }
}
