package io.lvs4j.linux.netlink;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.kernel.Capability;
import io.lvs4j.linux.kernel.Descriptor;
import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.ReceiveBuffer;
import io.lvs4j.linux.kernel.Reception;
import io.lvs4j.linux.kernel.Refusal;
import io.lvs4j.linux.kernel.SocketConstants;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Hears of changes to links and addresses. It is told that something has changed; what is true now,
 * a reader asks for: news can be lost, and are late by nature.
 */
public final class RouteMonitor implements AutoCloseable {
  /** News of a change. */
  public sealed interface News {
    /** A link came or changed. */
    record LinkChanged(Link link) implements News {}

    /** A link is gone. */
    record LinkRemoved(Link link) implements News {}

    /** An address came or changed. */
    record AddressChanged(InterfaceAddress address) implements News {}

    /** An address is gone. */
    record AddressRemoved(InterfaceAddress address) implements News {}

    /** News were lost: anything may have changed. */
    record Lost(String reason) implements News {}
  }

  private static final int RTMGRP_LINK = 0x1;
  private static final int RTMGRP_IPV4_IFADDR = 0x10;
  private static final int RTMGRP_IPV6_IFADDR = 0x100;
  private static final int BUFFER = 32 * 1024;
  private static final int RECEIVE_BUFFER = 1024 * 1024;
  private static final int DATAGRAMS_A_CALL = 256;

  private final Kernel kernel;
  private final Descriptor descriptor;
  private final Reception reception = new Reception(BUFFER, 0);

  private RouteMonitor(Kernel kernel, Descriptor descriptor) {
    this.kernel = kernel;
    this.descriptor = descriptor;
  }

  /** Opens a monitor in the network namespace of the calling thread. Needs no privilege. */
  public static RouteMonitor open(Kernel kernel) throws HostNetworkException {
    int opened =
        kernel.socket(
            SocketConstants.AF_NETLINK,
            SocketConstants.SOCK_RAW | SocketConstants.SOCK_CLOEXEC,
            NetlinkSocket.NETLINK_ROUTE);
    var descriptor =
        new Descriptor(
            kernel,
            Refusal.check(opened, Capability.NET_ADMIN, "open a netlink socket for news"),
            "netlink socket for news");
    try {
      NetlinkSocket.bind(kernel, descriptor, RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR);
      ReceiveBuffer.grow(kernel, descriptor, RECEIVE_BUFFER);
      return new RouteMonitor(kernel, descriptor);
    } catch (HostNetworkException | RuntimeException failed) {
      descriptor.close();
      throw failed;
    }
  }

  /** Returns the descriptor to wait for. */
  public Descriptor descriptor() {
    return descriptor;
  }

  /** Returns the news that are there, without waiting; of a flood, the first part. */
  public List<News> read() throws HostNetworkException {
    var news = new ArrayList<News>();
    for (int i = 0; i < DATAGRAMS_A_CALL; i++) {
      int result = kernel.receive(descriptor.value(), reception, SocketConstants.MSG_DONTWAIT);
      if (Errno.EAGAIN.is(result)) {
        return news;
      }
      if (Errno.EINTR.is(result)) {
        continue;
      }
      if (Errno.ENOBUFS.is(result)) {
        news.add(new News.Lost("the kernel had no room for all of them"));
        continue;
      }
      Refusal.check(result, Capability.NET_ADMIN, "read news of netlink");
      if (reception.isTruncated()) {
        news.add(new News.Lost("a datagram of more than " + BUFFER + " bytes"));
        continue;
      }
      switch (NetlinkMessage.decode(reception.data(), reception.length())) {
        case Decoded<List<NetlinkMessage>>(var messages) ->
            messages.forEach(message -> add(news, message));
        case Malformed<List<NetlinkMessage>>(var reason) -> news.add(new News.Lost(reason));
      }
    }
    return news;
  }

  private static void add(List<News> news, NetlinkMessage message) {
    switch (message.type()) {
      case Link.RTM_NEWLINK -> news.add(news(Link.decode(message), News.LinkChanged::new));
      case Link.RTM_DELLINK -> news.add(news(Link.decode(message), News.LinkRemoved::new));
      case InterfaceAddress.RTM_NEWADDR ->
          news.add(news(InterfaceAddress.decode(message), News.AddressChanged::new));
      case InterfaceAddress.RTM_DELADDR ->
          news.add(news(InterfaceAddress.decode(message), News.AddressRemoved::new));
      default -> {} // the groups carry other families too: bridge ports, for one
    }
  }

  private static <T> News news(Decoding<T> decoding, Function<T, News> kind) {
    return switch (decoding) {
      case Decoded<T>(var value) -> kind.apply(value);
      case Malformed<T>(var reason) -> new News.Lost(reason);
    };
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
