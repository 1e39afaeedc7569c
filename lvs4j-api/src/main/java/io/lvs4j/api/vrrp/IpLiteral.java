package io.lvs4j.api.vrrp;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Problem;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads addresses that have to be literals: a VIP that depends on DNS would be no VIP. */
final class IpLiteral {
  private IpLiteral() {}

  /** Returns the address, or null after adding the problem. */
  static @Nullable InetAddress parse(List<Problem> problems, String subject, String text) {
    if (text.indexOf('%') >= 0) {
      problems.add(new Problem(subject, quoted(text), "an address without %scope"));
      return null;
    }
    // InetAddress takes 192.168.1 for 192.168.0.1, as BSD did; here it is a typing error.
    var address = Endpoint.address(text);
    if (address.isPresent()) {
      return address.get();
    }
    problems.add(new Problem(subject, quoted(text), "an IPv4 or IPv6 address"));
    return null;
  }

  static String quoted(String text) {
    return text.isBlank() ? "\"" + text + "\"" : text;
  }
}
