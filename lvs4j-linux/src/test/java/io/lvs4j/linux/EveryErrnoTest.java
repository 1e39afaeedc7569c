package io.lvs4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.api.host.VrrpChannelSettings;
import io.lvs4j.linux.kernel.Descriptor;
import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.netlink.NetlinkScript;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each operation, with each of its system calls failing by each errno: it either copes, or says
 * what was refused and why, and nothing stays open.
 */
class EveryErrnoTest {
  private static final int ERRNOS = 133;
  private static final InetAddress GROUP = InetAddress.ofLiteral("224.0.0.18");
  private static final VirtualAddressClaim IPV4 =
      VirtualAddressClaim.of("eth0", InetAddress.ofLiteral("10.77.0.100"));
  private static final VirtualAddressClaim IPV6 =
      VirtualAddressClaim.of("eth0", InetAddress.ofLiteral("2001:db8::100"));

  // Hundreds of warnings about descriptors whose close was refused, as it should be.
  private static final List<Logger> LOGGERS =
      List.of(
          Logger.getLogger(Descriptor.class.getName()),
          Logger.getLogger(LinuxHostNetwork.class.getName()));

  @TempDir Path settings;

  @BeforeAll
  static void silence() {
    LOGGERS.forEach(logger -> logger.setLevel(Level.OFF));
  }

  @AfterAll
  static void speakAgain() {
    LOGGERS.forEach(logger -> logger.setLevel(null));
  }

  enum Operation {
    OPEN {
      @Override
      void run(LinuxHostNetwork network) {}
    },
    WATCH {
      @Override
      void run(LinuxHostNetwork network) throws HostNetworkException {
        network.watch("eth0");
      }
    },
    MULTICAST {
      @Override
      void run(LinuxHostNetwork network) throws HostNetworkException {
        network
            .openVrrp(
                VrrpChannelSettings.multicast("eth0", InetAddress.ofLiteral("10.77.0.1"), GROUP))
            .send(new byte[8], GROUP);
      }
    },
    MULTICAST_IPV6 {
      @Override
      void run(LinuxHostNetwork network) throws HostNetworkException {
        var group = InetAddress.ofLiteral("ff02::12");
        network
            .openVrrp(
                VrrpChannelSettings.multicast("eth0", InetAddress.ofLiteral("fe80::1"), group))
            .send(new byte[8], group);
      }
    },
    UNICAST {
      @Override
      void run(LinuxHostNetwork network) throws HostNetworkException {
        var channel =
            network.openVrrp(
                VrrpChannelSettings.unicast(
                    Optional.empty(), InetAddress.ofLiteral("2001:db8::1"), 64));
        channel.send(new byte[8], InetAddress.ofLiteral("2001:db8::2"));
        channel.close();
      }
    },
    CLAIM {
      @Override
      void run(LinuxHostNetwork network) throws HostNetworkException {
        network.claim(IPV4);
        network.claim(IPV4);
        network.release(IPV4);
      }
    },
    CLAIM_IPV6 {
      @Override
      void run(LinuxHostNetwork network) throws HostNetworkException {
        network.claim(IPV6);
        network.release(IPV6);
      }
    },
    ANNOUNCE {
      @Override
      void run(LinuxHostNetwork network) throws HostNetworkException {
        network.announce("eth0", IPV4.address());
        network.announce("eth0", IPV6.address());
      }
    },
    AWAIT {
      @Override
      void run(LinuxHostNetwork network) throws HostNetworkException {
        network.claim(IPV6);
        network.await(System.nanoTime());
      }
    };

    abstract void run(LinuxHostNetwork network) throws HostNetworkException;
  }

  @ParameterizedTest
  @EnumSource
  void isCopedWithOrNamed(Operation operation) throws IOException {
    for (var file : new String[] {"ipv4/conf/all", "ipv4/conf/eth0", "ipv6/conf/eth0"}) {
      var directory = Files.createDirectories(settings.resolve(file));
      Files.writeString(directory.resolve("arp_ignore"), "0\n");
      Files.writeString(directory.resolve("forwarding"), "0\n");
    }
    int refusals = 0;
    boolean reached = true;
    for (int call = 0; reached; call++) {
      reached = false;
      for (int code = 1; code <= ERRNOS; code++) {
        var errno = new Errno(code);
        var kernel = new ScriptedKernel(NetlinkScript::obliging).failing(call, errno);
        String refusal = attempt(operation, kernel);
        reached |= kernel.hasFailed();
        if (!refusal.isEmpty()) {
          refusals++;
          assertThat(refusal).as("%s, call %s", operation, call).contains(": ");
          assertThat(refusal).as("%s, call %s", operation, call).contains(named(errno));
        }
        assertThat(kernel.openDescriptors())
            .as("%s, call %s of %s: %s", operation, call, kernel.calls(), errno)
            .isEmpty();
        assertThat(Descriptor.open()).isEmpty();
      }
    }
    assertThat(refusals).as("refusals").isGreaterThan(ERRNOS);
  }

  private static String named(Errno errno) {
    if (errno.equals(Errno.EAGAIN)) {
      return "";
    }
    return errno.equals(Errno.ENODEV) ? "no such interface" : errno.toString();
  }

  /** Returns what the operation says, or nothing when it went well. */
  private String attempt(Operation operation, ScriptedKernel kernel) {
    try (var network = LinuxHostNetwork.builder().kernel(kernel).settings(settings).open()) {
      operation.run(network);
      return "";
    } catch (HostNetworkException refused) {
      return String.valueOf(refused.getMessage());
    }
  }
}
