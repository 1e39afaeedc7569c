package io.lvs4j.api.vrrp;

import io.lvs4j.api.Problem;
import java.util.List;

/** The rule for names of network interfaces, the kernel's {@code dev_valid_name}. */
final class NetworkInterfaceName {
  private NetworkInterfaceName() {}

  static void check(List<Problem> problems, String subject, String name) {
    boolean valid =
        !name.isEmpty()
            && name.length() < 16
            && !name.equals(".")
            && !name.equals("..")
            && name.chars().noneMatch(c -> c == '/' || c == ':' || Character.isWhitespace(c));
    if (!valid) {
      problems.add(
          new Problem(
              subject,
              IpLiteral.quoted(name),
              "1 to 15 characters without blanks, slashes and colons"));
    }
  }
}
