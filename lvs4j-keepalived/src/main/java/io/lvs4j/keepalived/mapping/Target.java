package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Endpoint;
import java.util.Optional;

/** What a virtual server is for. */
sealed interface Target {
  /** An address; port 0 for all ports. */
  record At(Endpoint endpoint) implements Target {
    @Override
    public int port() {
      return endpoint.port();
    }

    @Override
    public Optional<AddressFamily> family() {
      return Optional.of(AddressFamily.of(endpoint.address()));
    }

    @Override
    public String toString() {
      return endpoint.toString();
    }
  }

  /** A mark of the firewall, of a family that may have been named. */
  record Marked(long mark, Optional<AddressFamily> family) implements Target {
    @Override
    public int port() {
      return 0;
    }

    @Override
    public String toString() {
      return "fwmark " + mark;
    }
  }

  /** Returns the port of real servers that name none. */
  int port();

  /** Returns the family of clients, where it is known. */
  Optional<AddressFamily> family();
}
