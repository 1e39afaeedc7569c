package io.lvs4j.linux;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.netlink.Link;
import io.lvs4j.linux.netlink.RouteNetlink;
import io.lvs4j.linux.socket.LinkSocket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The packet sockets of the interfaces that addresses are announced or claimed on. */
final class LinkSockets implements AutoCloseable {
  private final Kernel kernel;
  private final RouteNetlink route;
  private final Path ipv6Settings;
  private final Map<Key, LinkSocket> sockets = new LinkedHashMap<>();
  // As looked up since the last news of a change: a takeover has no time to ask again and again.
  private final Map<String, Link> known = new LinkedHashMap<>();

  /** An interface that was deleted and made anew has another index, and needs another socket. */
  private record Key(String networkInterface, int index, boolean ipv6) {}

  LinkSockets(Kernel kernel, RouteNetlink route, Path ipv6Settings) {
    this.kernel = kernel;
    this.route = route;
    this.ipv6Settings = ipv6Settings;
  }

  void announce(String networkInterface, InetAddress address) throws HostNetworkException {
    var link = link(networkInterface);
    if (link.hardwareAddress().isEmpty()) {
      return;
    }
    boolean ipv6 = address instanceof Inet6Address;
    socket(link, ipv6)
        .announce(link.hardwareAddress().get(), address, ipv6 && isRouter(networkInterface));
  }

  /** Watches for other users of the claimed addresses of an interface, and of no others. */
  void watch(String networkInterface, boolean ipv6, Collection<VirtualAddressClaim> claims)
      throws HostNetworkException {
    var link = link(networkInterface);
    if (link.hardwareAddress().isPresent()) {
      socket(link, ipv6)
          .watch(
              claims.stream()
                  .filter(claim -> claim.networkInterface().equals(networkInterface))
                  .map(VirtualAddressClaim::address)
                  .filter(address -> address instanceof Inet6Address == ipv6)
                  .toList());
    }
  }

  /** Says whether other users of an address are watched for, as far as the last news tell. */
  boolean isWatching(String networkInterface, InetAddress address) {
    var link = known.get(networkInterface);
    if (link == null) {
      return false;
    }
    var socket = sockets.get(new Key(link.name(), link.index(), address instanceof Inet6Address));
    return socket != null && socket.isWatching(address);
  }

  /** Takes the news that interfaces may have changed: closes the sockets of those that are gone. */
  void prune(Inventory present) {
    known.keySet().removeIf(name -> present.link(name).isEmpty());
    known.replaceAll((name, _) -> present.link(name).orElseThrow());
    sockets
        .entrySet()
        .removeIf(entry -> {
          boolean gone = !present.hasLink(entry.getKey().index);
          if (gone) {
            entry.getValue().close();
          }
          return gone;
        });
  }

  /** Returns the sockets with the names of their interfaces. */
  Map<LinkSocket, String> all() {
    var all = new LinkedHashMap<LinkSocket, String>();
    sockets.forEach((key, socket) -> all.put(socket, key.networkInterface));
    return all;
  }

  private LinkSocket socket(Link link, boolean ipv6) throws HostNetworkException {
    var key = new Key(link.name(), link.index(), ipv6);
    var socket = sockets.get(key);
    if (socket == null) {
      socket = LinkSocket.open(kernel, link.name(), link.index(), ipv6);
      sockets.put(key, socket);
    }
    return socket;
  }

  private Link link(String networkInterface) throws HostNetworkException {
    var link = known.get(networkInterface);
    if (link == null) {
      link =
          route
              .link(networkInterface)
              .orElseThrow(() ->
                  new HostNetworkException(
                      networkInterface + ": no such interface in this network namespace"));
      known.put(networkInterface, link);
    }
    return link;
  }

  private boolean isRouter(String networkInterface) throws HostNetworkException {
    var file = ipv6Settings.resolve(networkInterface).resolve("forwarding");
    try {
      return Files.readString(file).strip().equals("1");
    } catch (NoSuchFileException withoutIpv6) {
      return false;
    } catch (IOException unreadable) {
      throw new HostNetworkException("read " + file + ": " + unreadable.getMessage(), unreadable);
    }
  }

  @Override
  public void close() {
    sockets.values().forEach(LinkSocket::close);
    sockets.clear();
  }
}
