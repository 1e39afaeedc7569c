package io.lvs4j.lab.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.core.Director;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Directors on two hosts serve one virtual address; a client on a third connects to it. */
@Timeout(180)
class RouterDirectorTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
  private static final String VIP = "10.88.0.100";

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private RouterHosts hosts;

  @BeforeEach
  void connect() throws Exception {
    assumeTrue(RouterHosts.obstacle().isEmpty(), RouterHosts.obstacle());
    hosts = RouterHosts.connect(3);
    open.push(hosts);
  }

  @AfterEach
  void disconnect() throws Exception {
    for (var each : open) {
      each.close();
    }
  }

  private static VrrpInstance.Builder vip(int priority) {
    return VrrpInstance.builder("VI_1")
        .networkInterface("eth0")
        .virtualRouterId(51)
        .version(VrrpVersion.V3)
        .advertisementInterval(Duration.ofMillis(100))
        .priority(priority)
        .virtualAddress(VIP + "/24");
  }

  /** A server on a host that says its name, and then repeats what it hears. */
  private ServerSocket backend(int host) throws Exception {
    return hosts.in(
        host,
        () -> {
          var server = new ServerSocket(9000, 50, InetAddress.ofLiteral("127.0.0.1"));
          open.push(server);
          Thread.ofPlatform().daemon().start(() -> serve(server, host));
          return server;
        });
  }

  private static void serve(ServerSocket server, int host) {
    try {
      while (true) {
        var socket = server.accept();
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try (socket) {
                socket.getOutputStream().write(("host" + host).getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().transferTo(socket.getOutputStream());
              } catch (IOException gone) {
                // The client, or the address between us, is no more.
              }
            });
      }
    } catch (IOException closed) {
      // That is how it ends.
    }
  }

  private Director director(int host, VrrpInstance instance, HealthCheck... checks)
      throws Exception {
    return hosts.in(
        host,
        () -> {
          var web = VirtualServer.tcp(VIP, 80).realServer("127.0.0.1", 9000);
          List.of(checks).forEach(web::healthCheck);
          var director = Director.builder().virtualServer(web.build()).vrrp(instance).build();
          open.push(director);
          director.start();
          return director;
        });
  }

  private static VrrpState state(Director director) {
    return director.vrrp("VI_1").state();
  }

  private static boolean isServing(Director director) {
    return director.snapshot().virtualServers().getFirst().serving();
  }

  private Socket client() throws Exception {
    var socket = hosts.in(3, Socket::new);
    open.push(socket);
    hosts.in(
        3,
        () -> {
          socket.connect(new InetSocketAddress(VIP, 80), 1000);
          return true;
        });
    socket.setSoTimeout(5000);
    return socket;
  }

  private String served() throws Exception {
    try (var socket = client()) {
      return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
    } catch (IOException unserved) {
      return unserved.toString();
    }
  }

  @Test
  void theMasterServesTheVirtualAddressAndTheBackupTakesOver() throws Exception {
    backend(1);
    backend(2);
    var events = new CopyOnWriteArrayList<String>();
    var weaker =
        director(
            2,
            vip(100)
                .onMaster(event -> events.add("mine"))
                .onBackup(event -> events.add("theirs"))
                .build());
    var stronger = director(1, vip(150).build());

    await().atMost(LONG_ENOUGH).until(() -> state(stronger) == VrrpState.MASTER);
    await().atMost(LONG_ENOUGH).until(() -> isServing(stronger) && !isServing(weaker));
    await().atMost(LONG_ENOUGH).until(() -> served().equals("host1"));

    stronger.close();
    await().atMost(LONG_ENOUGH).until(() -> isServing(weaker));
    assertThat(served()).isEqualTo("host2");
    assertThat(state(stronger)).isEqualTo(VrrpState.STOPPED);
    assertThat(events).startsWith("theirs").endsWith("mine");
    assertThat(hosts.holders(VIP)).containsExactly(2);
  }

  @Test
  void connectionsToAnAddressThatIsLostAreCut() throws Exception {
    backend(2);
    var weaker = director(2, vip(100).build());
    await().atMost(LONG_ENOUGH).until(() -> isServing(weaker));
    var client = client();
    assertThat(client.getInputStream().readNBytes(5)).asString().isEqualTo("host2");
    assertThat(weaker.connections()).hasSize(1);

    var stronger = director(1, vip(150).build());
    await().atMost(LONG_ENOUGH).until(() -> state(stronger) == VrrpState.MASTER);

    await().atMost(LONG_ENOUGH).until(() -> weaker.connections().isEmpty());
    var counters = weaker.snapshot().virtualServers().getFirst();
    assertThat(counters.serving()).isFalse();
    assertThat(counters.traffic().connections()).isOne();
    await()
        .atMost(LONG_ENOUGH)
        .ignoreExceptionsMatching(failure -> !(failure instanceof SocketException))
        .untilAsserted(() ->
            assertThatThrownBy(
                    () -> {
                      client.getOutputStream().write(1);
                      assertThat(client.getInputStream().read()).isNotNegative();
                    })
                .isInstanceOf(SocketException.class));
  }

  @Test
  void aDirectorWithoutAWorkingServerLeavesTheAddressToAnother() throws Exception {
    var failing = backend(1);
    backend(2);
    var check = HealthCheck.tcp().every(Duration.ofMillis(100)).retries(0);
    var weaker = director(2, vip(100).build(), check);
    var stronger = director(1, vip(150).track(Tracker.directorHealth()).build(), check);
    await().atMost(LONG_ENOUGH).until(() -> isServing(stronger));

    failing.close();

    await().atMost(LONG_ENOUGH).until(() -> isServing(weaker));
    assertThat(state(stronger)).isEqualTo(VrrpState.FAULT);
    assertThat(stronger.vrrp("VI_1").reason())
        .isEqualTo("tracker director health: without quorum: [" + VIP + ":80/tcp]");
    assertThat(served()).isEqualTo("host2");

    backend(1);
    await().atMost(LONG_ENOUGH).until(() -> isServing(stronger));
    await().atMost(LONG_ENOUGH).until(() -> served().equals("host1"));
  }

  @Test
  void aDirectorWithNothingButAVirtualAddressIsFine() throws Exception {
    var director =
        hosts.in(
            1,
            () -> {
              var only = Director.builder().vrrp(vip(100).build()).build();
              open.push(only);
              only.start();
              return only;
            });
    await().atMost(LONG_ENOUGH).until(() -> state(director) == VrrpState.MASTER);
    assertThat(director.shutdown(Duration.ofSeconds(1))).isZero();
    assertThat(hosts.holders(VIP)).isEmpty();
  }

  @Test
  void whatMakesNoSenseIsToldAllAtOnce() {
    var web = VirtualServer.tcp("127.0.0.1", 8080).whileMaster("VI_9").build();
    assertThatThrownBy(() ->
            Director.builder()
                .virtualServer(web)
                .vrrp(vip(100).track(Tracker.quorum(VirtualServer.tcp(VIP, 1).build())).build())
                .vrrp(
                    VrrpInstance.builder("VI_2")
                        .networkInterface("eth0")
                        .virtualRouterId(51)
                        .virtualAddress("10.88.0.101")
                        .build())
                .build())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("while master of: VI_9 (expected: one of [VI_1, VI_2])")
        .hasMessageContaining("VRRP instance VI_2: virtual router id: 51, that of VI_1 on eth0 too")
        .hasMessageContaining("tracker: quorum of 10.88.0.100:1/tcp (expected: one of [");
  }
}
