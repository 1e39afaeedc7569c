package io.lvs4j.linux;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.linux.kernel.Capability;
import io.lvs4j.linux.kernel.Descriptor;
import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.Layouts;
import io.lvs4j.linux.kernel.Refusal;
import io.lvs4j.linux.kernel.SocketConstants;
import io.lvs4j.linux.kernel.SystemCallException;
import io.lvs4j.linux.netlink.InterfaceAddress;
import io.lvs4j.linux.netlink.Lifetime;
import io.lvs4j.linux.netlink.Link;
import io.lvs4j.linux.netlink.RouteNetlink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A TUN device that this process has open, with the addresses on it. It is not persistent, so the
 * kernel removes it, and them, when the process is no more (drivers/net/tun.c, {@code
 * tun_chr_close}).
 *
 * <p>The device carries no packets: an address on it makes the kernel take packets for that address
 * from any interface, and answer ARP for it there. Nobody reads what the kernel itself may send
 * into it, such as router solicitations; it drops them when its queue is full.
 */
final class ProcessDevice implements AddressHolding {
  private static final String PATH = "/dev/net/tun";
  private static final String NAME_PATTERN = "lvs4j%d";
  private static final int ADDRESS_BITS = 32;

  private final Kernel kernel;
  private final RouteNetlink route;
  private final ConnectedNetworks networks;
  private @Nullable Device device;

  private record Device(Descriptor descriptor, Link link) {}

  ProcessDevice(Kernel kernel, RouteNetlink route, ConnectedNetworks networks) {
    this.kernel = kernel;
    this.route = route;
    this.networks = networks;
  }

  /** Opens the device ahead: the kernel takes some 10 ms to make one. */
  void prepare() throws HostNetworkException {
    device();
  }

  @Override
  public void hold(VirtualAddressClaim claim) throws HostNetworkException {
    var current = device();
    try {
      route.put(onDevice(claim, current.link));
    } catch (SystemCallException refused) {
      if (!refused.errno().equals(Errno.ENODEV)) {
        throw refused;
      }
      // Somebody has deleted it.
      closeDevice();
      route.put(onDevice(claim, device().link));
    }
    networks.draw(claim);
  }

  @Override
  public void release(VirtualAddressClaim claim) throws HostNetworkException {
    networks.withdraw(claim);
    var current = device;
    if (current != null) {
      route.delete(onDevice(claim, current.link));
    }
  }

  @Override
  public void withdraw(VirtualAddressClaim claim) throws HostNetworkException {
    networks.withdraw(claim);
  }

  @Override
  public InterfaceAddress placed(VirtualAddressClaim claim) {
    return HeldAddress.of(claim, ADDRESS_BITS, 0, 0, Lifetime.INFINITE);
  }

  @Override
  public boolean isOnePlace(VirtualAddressClaim one, VirtualAddressClaim other) {
    return one.address().equals(other.address());
  }

  @Override
  public boolean isHeld(VirtualAddressClaim claim, Inventory present) {
    var current = device;
    return current != null
        && present.prefixLength(current.link.index(), claim.address()).isPresent();
  }

  @Override
  public long refreshNanos() {
    return Long.MAX_VALUE;
  }

  /** Returns the address with a prefix of 32: the device must not draw its network to itself. */
  private static InterfaceAddress onDevice(VirtualAddressClaim claim, Link link) {
    return HeldAddress.of(claim, ADDRESS_BITS, 0, link.index(), Lifetime.INFINITE);
  }

  /** Returns the device, opened when it isn't. */
  private Device device() throws HostNetworkException {
    var current = device;
    if (current == null) {
      current = open();
      device = current;
    }
    return current;
  }

  private Device open() throws HostNetworkException {
    int flags = SocketConstants.O_RDWR | SocketConstants.O_NONBLOCK | SocketConstants.O_CLOEXEC;
    int opened = Refusal.check(kernel.open(PATH, flags), Capability.NET_ADMIN, "open " + PATH);
    var descriptor = new Descriptor(kernel, opened, "TUN device");
    try {
      byte[] request =
          ByteBuffer.allocate(Layouts.IFREQ)
              .order(ByteOrder.nativeOrder())
              .put(NAME_PATTERN.getBytes(StandardCharsets.US_ASCII))
              .putShort(
                  Layouts.IFREQ_FLAGS,
                  (short) (SocketConstants.IFF_TUN | SocketConstants.IFF_NO_PI))
              .array();
      Refusal.check(
          kernel.control(descriptor.value(), SocketConstants.TUNSETIFF, request),
          Capability.NET_ADMIN,
          "create a TUN device");
      String name = name(request);
      Optional<Link> link = route.link(name);
      if (link.isEmpty()) {
        throw new HostNetworkException(
            "create a TUN device: no interface " + name + " (expected: the one just created)");
      }
      route.setUp(link.get());
      return new Device(descriptor, link.get());
    } catch (HostNetworkException | RuntimeException failed) {
      descriptor.close();
      throw failed;
    }
  }

  private static String name(byte[] request) {
    int end = 0;
    while (end < Layouts.IFNAMSIZ && request[end] != 0) {
      end++;
    }
    return new String(request, 0, end, StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    networks.clear();
    closeDevice();
  }

  private void closeDevice() {
    var current = device;
    if (current != null) {
      device = null;
      current.descriptor.close();
    }
  }
}
