package io.lvs4j.ipvs.client;

import io.lvs4j.api.Endpoint;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;

/** Ranges and forms that several records share. */
final class Numbers {
  static final long UNSIGNED = 0xffff_ffffL;

  private Numbers() {}

  static void check(String subject, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          subject + ": " + value + " (expected: " + least + "-" + most + ")");
    }
  }

  static void checkSeconds(String subject, Duration duration, long most) {
    boolean whole = duration.equals(Duration.ofSeconds(duration.toSeconds()));
    if (duration.isNegative() || !whole || duration.toSeconds() > most) {
      throw new IllegalArgumentException(
          subject + ": " + duration + " (expected: whole seconds, 0-" + most + ")");
    }
  }

  /** Returns address and port as ipvsadm writes them, with port 0 too. */
  static String endpoint(InetAddress address, int port) {
    String literal = Endpoint.literal(address);
    return (address instanceof Inet6Address ? "[" + literal + "]:" : literal + ":") + port;
  }

  static int compareUnsigned(byte[] one, byte[] other) {
    return Arrays.compareUnsigned(one, other);
  }
}
