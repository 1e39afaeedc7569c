package io.lvs4j.linux.socket;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.VrrpChannelSettings;
import io.lvs4j.linux.kernel.Capability;
import io.lvs4j.linux.kernel.Descriptor;
import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.Layouts;
import io.lvs4j.linux.kernel.Reception;
import io.lvs4j.linux.kernel.Refusal;
import io.lvs4j.linux.kernel.SocketConstants;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A pair of raw sockets for adverts: one that only hears, bound to the group or to our address, and
 * one that only sends. One socket for both would hear unicast on a multicast link.
 */
public final class VrrpSockets implements AutoCloseable {
  /** The number of VRRP among the protocols of IP. */
  public static final int PROTOCOL = 112;

  private static final int LONGEST_PACKET = 65_535;
  private static final int CONTROL_ROOM = 128;
  private static final int INTERNET_CONTROL = 0xc0;
  private static final int SO_PRIORITY_CONTROL = 7; // TC_PRIO_CONTROL
  private static final int SMALLEST_BUFFER = 0;
  // The kernel's 208 KiB are 256 adverts: one second of 255 virtual routers. A JVM may stop longer,
  // and what doesn't fit is the newest.
  private static final int RECEIVE_BUFFER = 4 * 1024 * 1024;

  private final Kernel kernel;
  private final VrrpChannelSettings settings;
  private final int interfaceIndex;
  private final Descriptor receiver;
  private final Descriptor sender;
  private final Reception reception = new Reception(LONGEST_PACKET, CONTROL_ROOM);
  private int identification;

  private VrrpSockets(
      Kernel kernel,
      VrrpChannelSettings settings,
      int interfaceIndex,
      Descriptor receiver,
      Descriptor sender) {
    this.kernel = kernel;
    this.settings = settings;
    this.interfaceIndex = interfaceIndex;
    this.receiver = receiver;
    this.sender = sender;
  }

  /**
   * Opens both sockets in the network namespace of the calling thread.
   *
   * @param interfaceIndex the number of the settings' interface; 0 when they have none
   */
  public static VrrpSockets open(Kernel kernel, VrrpChannelSettings settings, int interfaceIndex)
      throws HostNetworkException {
    try (var receiver = receiver(kernel, settings, interfaceIndex);
        var sender = sender(kernel, settings, interfaceIndex)) {
      return new VrrpSockets(kernel, settings, interfaceIndex, receiver.done(), sender.done());
    }
  }

  private static String where(VrrpChannelSettings settings) {
    return settings.networkInterface().map(name -> " on " + name).orElse("");
  }

  private static SocketSetup receiver(
      Kernel kernel, VrrpChannelSettings settings, int interfaceIndex) throws HostNetworkException {
    int domain = settings.isIpv6() ? SocketConstants.AF_INET6 : SocketConstants.AF_INET;
    var setup = SocketSetup.open(kernel, domain, PROTOCOL, "VRRP receive socket" + where(settings));
    try {
      if (settings.networkInterface().isPresent()) {
        setup.device(settings.networkInterface().get());
      }
      setup.receiveBuffer(RECEIVE_BUFFER);
      setup.option(SocketConstants.SOL_SOCKET, SocketConstants.SO_TIMESTAMPNS, 1, "SO_TIMESTAMPNS");
      if (settings.isIpv6()) {
        setup.option(
            SocketConstants.IPPROTO_IPV6,
            SocketConstants.IPV6_RECVHOPLIMIT,
            1,
            "IPV6_RECVHOPLIMIT");
        setup.option(
            SocketConstants.IPPROTO_IPV6, SocketConstants.IPV6_RECVPKTINFO, 1, "IPV6_RECVPKTINFO");
      }
      if (settings.group().isPresent()) {
        join(setup, settings.group().get(), interfaceIndex);
      }
      var local = settings.group().orElse(settings.source());
      setup.bind(SocketAddresses.ip(local, interfaceIndex), Endpoint.literal(local));
      return setup;
    } catch (HostNetworkException | RuntimeException failed) {
      setup.close();
      throw failed;
    }
  }

  private static void join(SocketSetup setup, InetAddress group, int interfaceIndex)
      throws HostNetworkException {
    String name = "membership of " + Endpoint.literal(group);
    if (group.getAddress().length == 16) {
      var request =
          ByteBuffer.allocate(Layouts.IPV6_MREQ)
              .order(ByteOrder.nativeOrder())
              .put(group.getAddress())
              .putInt(interfaceIndex);
      setup.option(
          SocketConstants.IPPROTO_IPV6, SocketConstants.IPV6_ADD_MEMBERSHIP, request.array(), name);
      setup.option(
          SocketConstants.IPPROTO_IPV6,
          SocketConstants.IPV6_MULTICAST_ALL,
          0,
          "IPV6_MULTICAST_ALL");
      return;
    }
    setup.option(
        SocketConstants.IPPROTO_IP,
        SocketConstants.IP_ADD_MEMBERSHIP,
        multicastRequest(group.getAddress(), new byte[4], interfaceIndex),
        name);
    setup.option(
        SocketConstants.IPPROTO_IP, SocketConstants.IP_MULTICAST_ALL, 0, "IP_MULTICAST_ALL");
  }

  /** Returns {@code struct ip_mreqn}. */
  private static byte[] multicastRequest(byte[] group, byte[] local, int interfaceIndex) {
    return ByteBuffer.allocate(Layouts.IP_MREQN)
        .order(ByteOrder.nativeOrder())
        .put(group)
        .put(local)
        .putInt(interfaceIndex)
        .array();
  }

  private static SocketSetup sender(Kernel kernel, VrrpChannelSettings settings, int interfaceIndex)
      throws HostNetworkException {
    String what = "VRRP send socket" + where(settings);
    // Protocol 255 means that we write the IPv4 header, and that nothing is ever received.
    var setup =
        settings.isIpv6()
            ? SocketSetup.open(kernel, SocketConstants.AF_INET6, PROTOCOL, what)
            : SocketSetup.open(kernel, SocketConstants.AF_INET, SocketConstants.IPPROTO_RAW, what);
    try {
      if (settings.networkInterface().isPresent()) {
        setup.device(settings.networkInterface().get());
      }
      setup.option(
          SocketConstants.SOL_SOCKET,
          SocketConstants.SO_PRIORITY,
          SO_PRIORITY_CONTROL,
          "SO_PRIORITY");
      if (settings.isIpv6()) {
        ipv6Sender(setup, settings, interfaceIndex);
      } else if (settings.group().isPresent()) {
        setup.option(
            SocketConstants.IPPROTO_IP,
            SocketConstants.IP_MULTICAST_IF,
            multicastRequest(new byte[4], settings.source().getAddress(), interfaceIndex),
            "IP_MULTICAST_IF");
        // To be heard by another process of this host that has the same virtual router.
        setup.option(
            SocketConstants.IPPROTO_IP, SocketConstants.IP_MULTICAST_LOOP, 1, "IP_MULTICAST_LOOP");
      }
      return setup;
    } catch (HostNetworkException | RuntimeException failed) {
      setup.close();
      throw failed;
    }
  }

  private static void ipv6Sender(
      SocketSetup setup, VrrpChannelSettings settings, int interfaceIndex)
      throws HostNetworkException {
    // An IPv6 raw socket that is to leave the header to the kernel would hear protocol 112 as well.
    setup.filter(PacketFilter.nothing());
    setup.option(
        SocketConstants.SOL_SOCKET, SocketConstants.SO_RCVBUF, SMALLEST_BUFFER, "SO_RCVBUF");
    int ipv6 = SocketConstants.IPPROTO_IPV6;
    setup.option(ipv6, SocketConstants.IPV6_TCLASS, INTERNET_CONTROL, "IPV6_TCLASS");
    if (settings.group().isPresent()) {
      setup.option(ipv6, SocketConstants.IPV6_MULTICAST_IF, interfaceIndex, "IPV6_MULTICAST_IF");
      setup.option(
          ipv6, SocketConstants.IPV6_MULTICAST_HOPS, settings.hopLimit(), "IPV6_MULTICAST_HOPS");
      setup.option(ipv6, SocketConstants.IPV6_MULTICAST_LOOP, 1, "IPV6_MULTICAST_LOOP");
    } else {
      // keepalived forgets this one, and its unicast leaves with the kernel's 64.
      setup.option(
          ipv6, SocketConstants.IPV6_UNICAST_HOPS, settings.hopLimit(), "IPV6_UNICAST_HOPS");
    }
    setup.bind(
        SocketAddresses.ip(settings.source(), interfaceIndex), Endpoint.literal(settings.source()));
  }

  /** Returns the descriptor to wait for. */
  public Descriptor receiver() {
    return receiver;
  }

  /** Sends a message with the settings' source, hop limit and class. */
  public void send(byte[] message, InetAddress destination) throws HostNetworkException {
    byte[] packet = message;
    if (!settings.isIpv6()) {
      // 0 would make the kernel choose one.
      identification = identification == 0xffff ? 1 : identification + 1;
      packet =
          Ipv4Header.packet(
              settings.source(), destination, identification, settings.hopLimit(), message);
    }
    byte[] address = SocketAddresses.ip(destination, interfaceIndex);
    // Adverts to the group need no route, and must not follow one.
    int flags = settings.group().isPresent() ? SocketConstants.MSG_DONTROUTE : 0;
    int result;
    do {
      result = kernel.send(sender.value(), packet, address, flags);
    } while (Errno.EINTR.is(result));
    if (result < 0) {
      throw Refusal.of(
          Errno.ofResult(result),
          Capability.NET_RAW,
          "send to " + Endpoint.literal(destination) + where(settings));
    }
  }

  /**
   * Reads what has arrived, without waiting.
   *
   * @param most how many datagrams at most
   */
  public void receive(int most, Consumer<VrrpDatagram> consumer) throws HostNetworkException {
    for (int i = 0; i < most; i++) {
      int result = kernel.receive(receiver.value(), reception, SocketConstants.MSG_DONTWAIT);
      if (Errno.EAGAIN.is(result)) {
        return;
      }
      if (Errno.EINTR.is(result) || Errno.ENETDOWN.is(result)) {
        continue; // the interface's own state is reported by netlink
      }
      Refusal.check(result, Capability.NET_RAW, "read " + receiver);
      datagram().ifPresent(consumer);
    }
  }

  private Optional<VrrpDatagram> datagram() {
    return settings.isIpv6() ? ReceivedPacket.ipv6(reception) : ReceivedPacket.ipv4(reception);
  }

  @Override
  public void close() {
    receiver.close();
    sender.close();
  }
}
