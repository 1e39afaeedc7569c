package io.lvs4j.api;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/** Where a {@link HealthCheck} goes to and comes from, where that isn't plain. */
record CheckRoute(
    Optional<InetAddress> address,
    OptionalInt port,
    Optional<InetAddress> bindAddress,
    OptionalInt bindPort,
    Optional<String> bindInterface,
    OptionalLong firewallMark,
    Optional<ClientAddress> proxyProtocol) {
  static final CheckRoute DEFAULT =
      new CheckRoute(
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          OptionalLong.empty(),
          Optional.empty());

  private static final Set<ClientAddress> PROXY_PROTOCOLS =
      Set.of(ClientAddress.PROXY_PROTOCOL_V1, ClientAddress.PROXY_PROTOCOL_V2);

  /** The longest name of an interface, IFNAMSIZ - 1. */
  private static final int LONGEST_NAME = 15;

  CheckRoute with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return new CheckRoute(
        draft.address,
        draft.port,
        draft.bindAddress,
        draft.bindPort,
        draft.bindInterface,
        draft.firewallMark,
        draft.proxyProtocol);
  }

  List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    port.ifPresent(number -> Ranges.number(problems, "port", number, 1, 65_535));
    bindPort.ifPresent(number -> Ranges.number(problems, "bind port", number, 1, 65_535));
    bindInterface.ifPresent(name -> {
      if (name.isEmpty() || name.length() > LONGEST_NAME || !name.matches("[!-~&&[^/:]]+")) {
        problems.add(
            new Problem("bind interface", "\"" + name + "\"", "the name of a network interface"));
      }
    });
    firewallMark.ifPresent(
        mark -> Ranges.number(problems, "firewall mark", mark, 1, 4_294_967_295L));
    if (address.isPresent()
        && bindAddress.isPresent()
        && address.get().getAddress().length != bindAddress.get().getAddress().length) {
      problems.add(
          new Problem(
              "bind address",
              Endpoint.literal(bindAddress.get()),
              "an address of the same family as " + Endpoint.literal(address.get())));
    }
    proxyProtocol
        .filter(how -> !PROXY_PROTOCOLS.contains(how))
        .ifPresent(how ->
            problems.add(
                new Problem("PROXY header", how.name(), "PROXY_PROTOCOL_V1 or PROXY_PROTOCOL_V2")));
    return problems;
  }

  static final class Draft {
    Optional<InetAddress> address;
    OptionalInt port;
    Optional<InetAddress> bindAddress;
    OptionalInt bindPort;
    Optional<String> bindInterface;
    OptionalLong firewallMark;
    Optional<ClientAddress> proxyProtocol;

    private Draft(CheckRoute route) {
      address = route.address;
      port = route.port;
      bindAddress = route.bindAddress;
      bindPort = route.bindPort;
      bindInterface = route.bindInterface;
      firewallMark = route.firewallMark;
      proxyProtocol = route.proxyProtocol;
    }
  }
}
