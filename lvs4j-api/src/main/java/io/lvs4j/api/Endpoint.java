package io.lvs4j.api;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An IP address and a port.
 *
 * @param address the address, IPv4 or IPv6
 * @param port 1 to 65535; 0 where any port is meant
 */
public record Endpoint(InetAddress address, int port) {
  /** Checks the range of the port. */
  public Endpoint {
    Objects.requireNonNull(address, "address");
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0-65535)");
    }
  }

  /**
   * Returns an endpoint.
   *
   * @param host an IP address, or a name that resolves
   * @param port 1 to 65535, or 0 where any port is meant
   * @throws InvalidConfigurationException when it makes no sense
   */
  public static Endpoint of(String host, int port) {
    return new HostLookup(host, port).endpoint();
  }

  /**
   * Reads {@code 10.0.0.1:80} or {@code [2001:db8::1]:80}, which {@link #toString} writes. A name
   * that resolves may stand for the address.
   *
   * @throws InvalidConfigurationException when it is something else
   */
  public static Endpoint parse(String text) {
    int colon = text.lastIndexOf(':');
    var host = colon < 0 ? text : text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    var port = colon < 0 ? "" : text.substring(colon + 1);
    if (!port.matches("[0-9]{1,5}") || (host.contains(":") && !bracketed)) {
      throw new InvalidConfigurationException(
          List.of(new Problem("endpoint", text, "ADDRESS:PORT or [ADDRESS]:PORT")));
    }
    return of(bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(port));
  }

  /** Returns the socket address, already resolved. */
  public InetSocketAddress toSocketAddress() {
    return new InetSocketAddress(address, port);
  }

  /** Returns {@code 10.0.0.1:80} or {@code [2001:db8::1]:80}, the form that ipvsadm reads. */
  @Override
  public String toString() {
    String literal = literal(address);
    return (address instanceof Inet6Address ? "[" + literal + "]:" : literal + ":") + port;
  }

  /**
   * Returns the address that a text is, without a name lookup: four numbers with dots, or IPv6
   * without a scope. Empty for anything else, such as {@code ::ffff:10.0.0.1}: Java has only IPv4
   * for such an address, which would be another one than was written.
   */
  public static Optional<InetAddress> address(String literal) {
    boolean v6 = literal.indexOf(':') >= 0;
    boolean whole = v6 || literal.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    if (!whole || literal.indexOf('%') >= 0 || literal.length() > 64) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(literal))
          .filter(address -> v6 == address instanceof Inet6Address);
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }

  /** Returns the address as text without a name lookup, IPv6 compressed as RFC 5952 says. */
  public static String literal(InetAddress address) {
    if (!(address instanceof Inet6Address v6)) {
      return address.getHostAddress();
    }
    byte[] bytes = v6.getAddress();
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    int longest = -1;
    int longestLength = 1;
    for (int start = 0; start < 8; start++) {
      int end = start;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - start > longestLength) {
        longest = start;
        longestLength = end - start;
      }
    }
    var text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == longest) {
        text.append("::");
        i += longestLength - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    if (v6.getScopeId() != 0) {
      String scope = v6.getHostAddress();
      text.append(scope.substring(scope.indexOf('%')));
    }
    return text.toString();
  }
}
