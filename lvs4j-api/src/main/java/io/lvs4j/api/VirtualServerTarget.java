package io.lvs4j.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a virtual server is to be found by, as somebody wrote it, right or wrong. */
sealed interface VirtualServerTarget {
  /** Returns what is wrong with it; empty when nothing is. */
  List<Problem> problems();

  /** Returns what it is; only when there are no problems. */
  VirtualServerId id();

  /** Says whether its connections may come to any port. */
  boolean hasAnyPort();

  /** Says whether it is known to be of this protocol only. */
  boolean isOnly(Protocol protocol);

  /** Returns what was written for an id. */
  static VirtualServerTarget of(VirtualServerId id) {
    return switch (id) {
      case VirtualServerId.Address(Protocol protocol, Endpoint at) ->
          new At(protocol, new HostLookup(Endpoint.literal(at.address()), at.port()), at.port());
      case VirtualServerId.FirewallMark(long mark, AddressFamily family) ->
          new Marked(mark, family);
    };
  }

  /** An address and port. */
  record At(Protocol protocol, HostLookup host, int port) implements VirtualServerTarget {
    @Override
    public List<Problem> problems() {
      return host.problems();
    }

    @Override
    public VirtualServerId id() {
      return new VirtualServerId.Address(protocol, host.endpoint());
    }

    @Override
    public boolean hasAnyPort() {
      return port == 0;
    }

    @Override
    public boolean isOnly(Protocol one) {
      return protocol == one;
    }

    @Override
    public String toString() {
      return host + "/" + protocol.name().toLowerCase(Locale.ROOT);
    }
  }

  /** A mark of the firewall. */
  record Marked(long mark, AddressFamily family) implements VirtualServerTarget {
    @Override
    public List<Problem> problems() {
      var problems = new ArrayList<Problem>();
      Ranges.number(problems, "mark", mark, 1, VirtualServerId.FirewallMark.GREATEST);
      return problems;
    }

    @Override
    public VirtualServerId id() {
      return new VirtualServerId.FirewallMark(mark, family);
    }

    @Override
    public boolean hasAnyPort() {
      return true;
    }

    @Override
    public boolean isOnly(Protocol protocol) {
      return false;
    }

    @Override
    public String toString() {
      return "FWM " + mark + (family == AddressFamily.IPV6 ? " IPv6" : "");
    }
  }
}
