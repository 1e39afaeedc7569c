package io.lvs4j.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * How packets to a real server are wrapped where the forwarding method is {@link
 * ForwardingMethod#TUNNEL}.
 */
public sealed interface Tunnel {
  /** IP in IP (RFC 2003) or IPv6 encapsulation (RFC 2473): 20 or 40 bytes more a packet. */
  record Ipip() implements Tunnel {
    @Override
    public String toString() {
      return "ipip";
    }
  }

  /**
   * Generic UDP Encapsulation: 32 bytes more a packet over IPv4. Its source port spreads flows over
   * equal paths and queues.
   *
   * @param port the UDP port that the real server listens at, 1 to 65535
   * @param checksum what is protected
   */
  record Gue(int port, Checksum checksum) implements Tunnel {
    public Gue {
      Objects.requireNonNull(checksum, "checksum");
    }

    @Override
    public String toString() {
      return "gue port " + port + " " + checksum.keyword();
    }
  }

  /**
   * Generic Routing Encapsulation (RFC 2784): 24 bytes more a packet over IPv4, 28 with a checksum.
   *
   * @param checksum what is protected; not {@link Checksum#REMOTE}
   */
  record Gre(Checksum checksum) implements Tunnel {
    public Gre {
      Objects.requireNonNull(checksum, "checksum");
    }

    @Override
    public String toString() {
      return "gre " + checksum.keyword();
    }
  }

  /** Which checksum the outer header carries. */
  enum Checksum {
    /** None ({@code nocsum}). */
    NONE("nocsum"),
    /** One over the packet ({@code csum}). */
    PRESENT("csum"),
    /** Remote checksum offload: the receiver completes the inner one ({@code remcsum}). */
    REMOTE("remcsum");

    private final String keyword;

    Checksum(String keyword) {
      this.keyword = keyword;
    }

    /** Returns keepalived's and ipvsadm's word. */
    public String keyword() {
      return keyword;
    }
  }

  /** Returns IP in IP, the kernel's default. */
  static Tunnel ipip() {
    return new Ipip();
  }

  /**
   * Returns Generic UDP Encapsulation without a checksum.
   *
   * @param port 1 to 65535
   */
  static Tunnel gue(int port) {
    return new Gue(port, Checksum.NONE);
  }

  /**
   * Returns Generic UDP Encapsulation.
   *
   * @param port 1 to 65535
   */
  static Tunnel gue(int port, Checksum checksum) {
    return new Gue(port, checksum);
  }

  /** Returns Generic Routing Encapsulation without a checksum. */
  static Tunnel gre() {
    return new Gre(Checksum.NONE);
  }

  /** Returns Generic Routing Encapsulation. */
  static Tunnel gre(Checksum checksum) {
    return new Gre(checksum);
  }

  /** Returns what is wrong with the settings; empty when nothing is. */
  default List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    switch (this) {
      case Ipip _ -> {
        // It has no settings.
      }
      case Gue gue -> Ranges.number(problems, "tunnel gue: port", gue.port(), 1, 65_535);
      case Gre gre -> {
        if (gre.checksum() == Checksum.REMOTE) {
          problems.add(
              new Problem(
                  "tunnel gre: checksum",
                  gre.checksum().name().toLowerCase(Locale.ROOT),
                  "none or present; only gue has a remote one"));
        }
      }
    }
    return problems;
  }
}
