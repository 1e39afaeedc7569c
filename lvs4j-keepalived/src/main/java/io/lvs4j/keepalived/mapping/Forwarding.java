package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.Tunnel;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.Word;
import java.util.List;
import java.util.Optional;

/**
 * What {@code lvs_method} says.
 *
 * @param method how packets get to the real server
 * @param tunnel how they are wrapped, where they are and where it isn't IP in IP
 */
record Forwarding(ForwardingMethod method, Optional<Tunnel> tunnel) {
  private static final String EXPECTED =
      "NAT, DR, or TUN [type ipip | gue port N | gre] [nocsum | csum | remcsum]";

  /** keepalived's default. */
  static final Forwarding NAT = new Forwarding(ForwardingMethod.NAT, Optional.empty());

  /** Returns the method behind a keyword, or tells what is wrong. */
  static Optional<Forwarding> of(Statement statement, Values values) {
    if (statement.arguments().isEmpty()) {
      values.word(statement, EXPECTED);
      return Optional.empty();
    }
    var word = statement.arguments().getFirst();
    return switch (word.text()) {
      case "NAT", "DR" -> {
        values.nothingBehind(statement, 1);
        yield Optional.of(
            word.text().equals("NAT")
                ? NAT
                : new Forwarding(ForwardingMethod.DIRECT_ROUTING, Optional.empty()));
      }
      case "TUN" -> {
        var options = statement.arguments().subList(1, statement.arguments().size());
        yield tunnel(statement, options, values)
            .map(tunnel ->
                new Forwarding(
                    ForwardingMethod.TUNNEL,
                    Optional.of(tunnel).filter(kind -> !(kind instanceof Tunnel.Ipip))));
      }
      default -> {
        values.wrong(word, statement.name(), EXPECTED);
        yield Optional.empty();
      }
    };
  }

  private static Optional<Tunnel> tunnel(Statement statement, List<Word> options, Values values) {
    String type = "ipip";
    Optional<Integer> port = Optional.empty();
    var checksum = Tunnel.Checksum.NONE;
    for (int i = 0; i < options.size(); i++) {
      Word word = options.get(i);
      boolean more = i + 1 < options.size();
      switch (word.text()) {
        case "nocsum" -> checksum = Tunnel.Checksum.NONE;
        case "csum" -> checksum = Tunnel.Checksum.PRESENT;
        case "remcsum" -> checksum = Tunnel.Checksum.REMOTE;
        case "type" -> type = more ? options.get(++i).text() : "";
        case "port" ->
            port =
                more
                    ? values.number(options.get(++i), statement.name() + " port", 1, 65_535)
                    : Optional.empty();
        default -> {
          values.wrong(word, statement.name(), EXPECTED);
          return Optional.empty();
        }
      }
    }
    Optional<Tunnel> tunnel =
        switch (type) {
          case "ipip" -> Optional.of(Tunnel.ipip());
          case "gre" -> Optional.of(Tunnel.gre(checksum));
          case "gue" -> gue(port, checksum);
          default -> Optional.empty();
        };
    if (tunnel.isEmpty() || !tunnel.get().problems().isEmpty()) {
      values.wrong(options.getLast(), statement.name(), EXPECTED);
      return Optional.empty();
    }
    return tunnel;
  }

  private static Optional<Tunnel> gue(Optional<Integer> port, Tunnel.Checksum checksum) {
    return port.map(number -> Tunnel.gue(number, checksum));
  }

  /** Returns a real server that is reached so, by a virtual server whose method is another one. */
  RealServer applyTo(RealServer server, Forwarding ofVirtualServer) {
    var applied = method == ofVirtualServer.method ? server : server.forwarding(method);
    return tunnel.isPresent() ? applied.tunnel(tunnel.get()) : applied;
  }
}
