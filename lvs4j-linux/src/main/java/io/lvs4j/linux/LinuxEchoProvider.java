package io.lvs4j.linux;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Problem;
import io.lvs4j.api.host.EchoChannel;
import io.lvs4j.api.host.EchoProvider;
import io.lvs4j.api.host.EchoRequest;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.NativeKernel;
import io.lvs4j.linux.socket.EchoSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Opens ICMP sockets on Linux; found by ServiceLoader. */
public final class LinuxEchoProvider implements EchoProvider {
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;

  /** Creates the provider. */
  public LinuxEchoProvider() {}

  @Override
  public List<Problem> obstacles(AddressFamily family) {
    return LinuxNative.unavailabilityCause()
        .map(
            cause -> List.of(new Problem("ICMP echo", String.valueOf(cause.getMessage()), "Linux")))
        .orElseGet(() -> obstacles(new NativeKernel(), family));
  }

  static List<Problem> obstacles(Kernel kernel, AddressFamily family) {
    var anywhere = new byte[family == AddressFamily.IPV4 ? IPV4_BYTES : IPV6_BYTES];
    try (var socket = EchoSocket.open(kernel, request(anywhere), 0)) {
      assert socket.descriptor() != null;
      return List.of();
    } catch (HostNetworkException refused) {
      return List.of(
          new Problem(
              "ICMP echo",
              message(refused),
              "a group of this process in the sysctl net.ipv4.ping_group_range, as in"
                  + " net.ipv4.ping_group_range=\"0 2147483647\", or CAP_NET_RAW"));
    }
  }

  private static EchoRequest request(byte[] address) {
    try {
      return new EchoRequest(
          InetAddress.getByAddress(address),
          Long.BYTES,
          Optional.empty(),
          Optional.empty(),
          OptionalLong.empty());
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static String message(HostNetworkException refused) {
    return String.valueOf(refused.getMessage());
  }

  @Override
  public EchoChannel open() {
    return new LinuxEchoChannel(new NativeKernel());
  }
}
