package io.lvs4j.linux.realserver;

import io.lvs4j.api.Endpoint;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** One thing that was changed on this host, with what takes it back. As text it is one line. */
sealed interface Step {
  /** Returns the line that is remembered. */
  String line();

  /** Returns what was done, for a person. */
  default String words() {
    return switch (this) {
      case Address added -> Endpoint.literal(added.address()) + " on " + added.networkInterface();
      case Up up -> up.networkInterface() + " up";
      case Setting set -> set.name() + " = " + set.present() + " (was " + set.earlier() + ")";
    };
  }

  /** An address was added. */
  record Address(String networkInterface, InetAddress address) implements Step {
    @Override
    public String line() {
      return "address " + networkInterface + " " + Endpoint.literal(address);
    }
  }

  /** An interface was set up. */
  record Up(String networkInterface) implements Step {
    @Override
    public String line() {
      return "up " + networkInterface;
    }
  }

  /** A setting of the kernel was changed. */
  record Setting(String name, String earlier, String present) implements Step {
    @Override
    public String line() {
      return "sysctl " + name + " " + earlier + " " + present;
    }
  }

  /** Returns the step of a line; empty when it isn't one, such as half of one. */
  static Optional<Step> of(String line) {
    var words = List.of(line.split(" ", -1));
    try {
      return switch (words.getFirst() + " " + words.size()) {
        case "address 3" ->
            Optional.of(new Address(words.get(1), InetAddress.ofLiteral(words.get(2))));
        case "up 2" -> Optional.of(new Up(words.get(1)));
        case "sysctl 4" -> Optional.of(new Setting(words.get(1), words.get(2), words.get(3)));
        default -> Optional.empty();
      };
    } catch (IllegalArgumentException noAddress) {
      return Optional.empty();
    }
  }
}
