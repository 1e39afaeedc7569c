package io.lvs4j.linux.netlink;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.SystemCallException;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The client of rtnetlink: reads and changes links, addresses, routes and neighbours of a network
 * namespace. Not safe for several threads.
 */
public final class RouteNetlink implements AutoCloseable {
  private final NetlinkSocket socket;

  private RouteNetlink(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Opens a client in the network namespace of the calling thread. Needs no privilege. */
  public static RouteNetlink open(Kernel kernel) throws HostNetworkException {
    return new RouteNetlink(NetlinkSocket.open(kernel, NetlinkSocket.NETLINK_ROUTE));
  }

  /** Returns all links. */
  public List<Link> links() throws HostNetworkException {
    return table("list links", Link.RTM_GETLINK, Link.query(Optional.empty()), Link::decode);
  }

  /** Returns a link by its name; empty when there is none. */
  public Optional<Link> link(String name) throws HostNetworkException {
    String operation = "look up interface " + name;
    try {
      var answers = socket.get(operation, Link.RTM_GETLINK, Link.query(Optional.of(name)));
      return decoded(operation, answers, Link::decode).stream().findFirst();
    } catch (SystemCallException refused) {
      if (refused.errno().equals(Errno.ENODEV)) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  /** Sets a link up. */
  public void setUp(Link link) throws HostNetworkException {
    socket.execute("set " + link.name() + " up", Link.RTM_NEWLINK, 0, Link.up(link.index()));
  }

  /** Sets a link down. */
  public void setDown(Link link) throws HostNetworkException {
    socket.execute("set " + link.name() + " down", Link.RTM_NEWLINK, 0, Link.down(link.index()));
  }

  /** Returns the addresses of all links. */
  public List<InterfaceAddress> addresses() throws HostNetworkException {
    return table(
        "list addresses",
        InterfaceAddress.RTM_GETADDR,
        new byte[InterfaceAddress.HEADER],
        InterfaceAddress::decode);
  }

  /** Adds an address, or gives the one that is there a new lifetime. */
  public void put(InterfaceAddress address) throws HostNetworkException {
    socket.execute(
        "add address " + address,
        InterfaceAddress.RTM_NEWADDR,
        NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_REPLACE,
        address.encode());
  }

  /**
   * Deletes an address.
   *
   * @return false when it was not there
   */
  public boolean delete(InterfaceAddress address) throws HostNetworkException {
    try {
      socket.execute(
          "delete address " + address, InterfaceAddress.RTM_DELADDR, 0, address.encodeKey());
      return true;
    } catch (SystemCallException refused) {
      // The address is gone, or its whole interface is.
      if (refused.errno().equals(Errno.EADDRNOTAVAIL) || refused.errno().equals(Errno.ENODEV)) {
        return false;
      }
      throw refused;
    }
  }

  /** Adds a route behind those to the same network; does nothing when it is there. */
  public void put(Route route) throws HostNetworkException {
    try {
      socket.execute(
          "add route " + route,
          Route.RTM_NEWROUTE,
          NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_APPEND,
          route.encode());
    } catch (SystemCallException refused) {
      if (!refused.errno().equals(Errno.EEXIST)) {
        throw refused;
      }
    }
  }

  /**
   * Deletes a route.
   *
   * @return false when it was not there
   */
  public boolean delete(Route route) throws HostNetworkException {
    try {
      socket.execute("delete route " + route, Route.RTM_DELROUTE, 0, route.encode());
      return true;
    } catch (SystemCallException refused) {
      // The route is gone, or its whole interface is.
      if (refused.errno().equals(Errno.ESRCH) || refused.errno().equals(Errno.ENODEV)) {
        return false;
      }
      throw refused;
    }
  }

  /** Returns all routes of all tables. */
  public List<Route> routes() throws HostNetworkException {
    return table("list routes", Route.RTM_GETROUTE, Route.query(), Route::decode);
  }

  /** Returns the neighbours of all links. */
  public List<Neighbour> neighbours() throws HostNetworkException {
    return table("list neighbours", Neighbour.RTM_GETNEIGH, Neighbour.query(), Neighbour::decode);
  }

  private <T> List<T> table(
      String operation, int type, byte[] query, Function<NetlinkMessage, Decoding<T>> decoder)
      throws HostNetworkException {
    return decoded(operation, socket.dump(operation, type, query), decoder);
  }

  private static <T> List<T> decoded(
      String operation,
      List<NetlinkMessage> messages,
      Function<NetlinkMessage, Decoding<T>> decoder)
      throws HostNetworkException {
    return switch (Decoding.all(messages, decoder)) {
      case Decoded<List<T>>(var values) -> values;
      case Malformed<List<T>>(var reason) ->
          throw new HostNetworkException(operation + ": " + reason);
    };
  }

  @Override
  public void close() {
    socket.close();
  }
}
