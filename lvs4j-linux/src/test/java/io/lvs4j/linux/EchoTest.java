package io.lvs4j.linux;

import static io.lvs4j.linux.TwoHosts.in;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.host.EchoChannel;
import io.lvs4j.api.host.EchoRequest;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.kernel.Descriptor;
import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.NativeKernel;
import io.lvs4j.linux.kernel.NetworkNamespace;
import io.lvs4j.linux.socket.EchoSocket;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Echo requests between two hosts, by either kind of socket. */
@Timeout(180)
class EchoTest {
  private TwoHosts hosts;
  private EchoChannel channel;

  @BeforeEach
  void connect() throws Exception {
    assumeTrue(TwoHosts.obstacle().isEmpty(), TwoHosts.obstacle());
    hosts = TwoHosts.connect();
    channel = new LinuxEchoProvider().open();
  }

  @AfterEach
  void disconnect() throws Exception {
    if (hosts != null) {
      channel.close();
      hosts.close();
      assertThat(Descriptor.open()).isEmpty();
    }
  }

  private static EchoRequest to(String address, int size) throws Exception {
    return new EchoRequest(
        InetAddress.getByName(address),
        size,
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty());
  }

  private CompletableFuture<Duration> echo(EchoRequest request) throws Exception {
    return in(hosts.here(), () -> channel.echo(request));
  }

  private void allowEverybody(boolean allowed) throws Exception {
    in(
        hosts.here(),
        () ->
            Files.writeString(
                Path.of("/proc/sys/net/ipv4/ping_group_range"), allowed ? "0 2147483647" : "1 0"));
  }

  @ParameterizedTest(name = "{0} without privilege: {1}, {2} bytes")
  @CsvSource({
    "10.77.0.2, true, 128",
    "10.77.0.2, false, 128",
    "2001:db8:77::2, true, 128",
    "2001:db8:77::2, false, 128",
    "10.77.0.2, true, 8",
    "10.77.0.2, false, 1400",
    "2001:db8:77::2, false, 9",
  })
  void aHostThatIsThereAnswers(String address, boolean unprivileged, int size) throws Exception {
    allowEverybody(unprivileged);
    var request = to(address, size);
    try (var socket = in(hosts.here(), () -> EchoSocket.open(new NativeKernel(), request, 7))) {
      assertThat(socket.isRaw()).isEqualTo(!unprivileged);
    }
    for (int i = 0; i < 3; i++) {
      assertThat(echo(request).get(20, TimeUnit.SECONDS)).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aHostThatIsNotThereDoesNotAndNobodyElseIsTakenForIt(boolean unprivileged) throws Exception {
    allowEverybody(unprivileged);
    var absent = echo(to("10.77.0.99", 128));
    var present = new ArrayList<CompletableFuture<Duration>>();
    for (int i = 0; i < 200; i++) {
      present.add(echo(to("10.77.0.2", 128)));
    }
    for (var each : present) {
      assertThat(each.get(20, TimeUnit.SECONDS)).isPositive();
    }
    assertThat(absent).isNotDone();
    absent.cancel(false);
  }

  @Test
  void aNetworkWithoutARouteIsToldAtOnce() throws Exception {
    var unreachable = echo(to("192.0.2.1", 128));
    assertThatThrownBy(() -> unreachable.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(NoRouteToHostException.class)
        .hasMessage("192.0.2.1: ENETUNREACH");
  }

  @Test
  void theWayMayBeChosen() throws Exception {
    var own = InetAddress.getByName("10.77.0.1");
    var there = InetAddress.getByName("10.77.0.2");
    var chosen =
        new EchoRequest(there, 128, Optional.of(own), Optional.of("eth0"), OptionalLong.of(7));
    assertThat(echo(chosen).get(20, TimeUnit.SECONDS)).isPositive();
    var foreign =
        new EchoRequest(there, 128, Optional.of(there), Optional.empty(), OptionalLong.empty());
    assertThatThrownBy(() -> echo(foreign).get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(HostNetworkException.class)
        .hasMessage(
            "ICMP echo socket: bind to 10.77.0.2: EADDRNOTAVAIL (this host has no such address)");
    var nowhere =
        new EchoRequest(there, 128, Optional.empty(), Optional.of("eth9"), OptionalLong.empty());
    assertThatThrownBy(() -> echo(nowhere).get(20, TimeUnit.SECONDS))
        .cause()
        .hasMessageContaining("send through eth9: ENODEV");
  }

  @Test
  void closingCancelsWhatIsWaitedForAndEndsTheThread() throws Exception {
    var absent = echo(to("10.77.0.99", 128));
    channel.close();
    assertThat(absent).isCancelled();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("lvs4j-echo"));
    assertThat(echo(to("10.77.0.2", 128))).isCompletedExceptionally();
  }

  @Test
  void whereNeitherSocketCanBeHadTheRemedyIsTold() throws Exception {
    var provider = new LinuxEchoProvider();
    NetworkNamespace here = hosts.here();
    assertThat(in(here, () -> provider.obstacles(AddressFamily.IPV4))).isEmpty();
    assertThat(in(here, () -> provider.obstacles(AddressFamily.IPV6))).isEmpty();
    var refusing = refusing(new Errno(13));
    assertThat(LinuxEchoProvider.obstacles(refusing, AddressFamily.IPV4))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.toString())
              .startsWith("ICMP echo: open ICMP echo socket: EACCES (")
              .contains(
                  "(expected: a group of this process in the sysctl net.ipv4.ping_group_range")
              .endsWith("or CAP_NET_RAW)");
        });
    assertThat(LinuxEchoProvider.obstacles(refusing(new Errno(24)), AddressFamily.IPV6).toString())
        .contains("EMFILE");
  }

  @Test
  void anErrorDoesNotKeepLaterRepliesFromBeingHeard() throws Exception {
    var errors = new AtomicInteger();
    try (var other = new LinuxEchoChannel(failing(3, errors))) {
      var reply = in(hosts.here(), () -> other.echo(to("10.77.0.2", 128)));
      assertThat(reply.get(20, TimeUnit.SECONDS)).isPositive();
      assertThat(errors).hasValue(3);
    }
  }

  /** Returns a kernel whose first waits throw an Error. */
  private static Kernel failing(int times, AtomicInteger errors) {
    var real = new NativeKernel();
    return (Kernel)
        Proxy.newProxyInstance(
            Kernel.class.getClassLoader(),
            new Class<?>[] {Kernel.class},
            (_, method, arguments) -> {
              if (method.getName().equals("poll") && errors.get() < times) {
                errors.incrementAndGet();
                throw new OutOfMemoryError("thrown by a test");
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  /** Returns a kernel that opens no sockets. */
  private static Kernel refusing(Errno errno) {
    var real = new NativeKernel();
    return (Kernel)
        Proxy.newProxyInstance(
            Kernel.class.getClassLoader(),
            new Class<?>[] {Kernel.class},
            (_, method, arguments) -> {
              if (method.getName().equals("socket")) {
                return -errno.code();
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  @Test
  void manyHostsShareFewSockets() throws Exception {
    var replies = new ArrayList<CompletableFuture<Duration>>();
    for (int i = 0; i < 50; i++) {
      replies.add(echo(to("10.77.0.2", 128)));
      replies.add(echo(to("2001:db8:77::2", 128)));
    }
    for (var reply : replies) {
      assertThat(reply.get(20, TimeUnit.SECONDS)).isPositive();
    }
    assertThat(Descriptor.open())
        .isEqualTo(List.of("ICMP echo socket", "ICMPv6 echo socket", "event counter"));
  }
}
