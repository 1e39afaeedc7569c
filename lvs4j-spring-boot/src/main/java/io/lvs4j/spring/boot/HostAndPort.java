package io.lvs4j.spring.boot;

import io.lvs4j.api.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address as properties have it: {@code 10.0.0.1:80}, {@code [2001:db8::1]:80} or {@code
 * name:80}.
 *
 * @param host an IP address without brackets, or a name
 * @param port the port, right or wrong
 */
record HostAndPort(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([^\\]]+)\\]|([^:\\[\\]]+)):(\\d{1,9})");

  /** Returns the address; empty after adding what is wrong with it. */
  static Optional<HostAndPort> parse(
      PropertyProblems problems, String property, @Nullable String text) {
    if (text == null) {
      problems.add(property, "none", "an address and a port, such as 192.168.0.200:80");
      return Optional.empty();
    }
    var form = FORM.matcher(text);
    if (!form.matches()) {
      problems.add(
          property,
          "\"" + text + "\"",
          "an address and a port, such as 192.168.0.200:80 or [2001:db8::1]:80");
      return Optional.empty();
    }
    var host = form.group(1) == null ? form.group(2) : form.group(1);
    return Optional.of(new HostAndPort(host, Integer.parseInt(form.group(3))));
  }

  /** Returns the same with a port at which nobody listens now. */
  HostAndPort withFreePort(Protocol protocol) {
    try {
      return new HostAndPort(host, freePort(protocol, new InetSocketAddress(host, 0)));
    } catch (IOException notHere) {
      // A virtual address is not on this host yet, or the name has none, which the builder says.
      try {
        var anywhere = new InetSocketAddress((@Nullable InetAddress) null, 0);
        return new HostAndPort(host, freePort(protocol, anywhere));
      } catch (IOException none) {
        throw new UncheckedIOException("no free port", none);
      }
    }
  }

  private static int freePort(Protocol protocol, InetSocketAddress at) throws IOException {
    if (protocol == Protocol.UDP) {
      try (var socket = new DatagramSocket(at)) {
        return socket.getLocalPort();
      }
    }
    try (var socket = new ServerSocket()) {
      socket.bind(at);
      return socket.getLocalPort();
    }
  }
}
