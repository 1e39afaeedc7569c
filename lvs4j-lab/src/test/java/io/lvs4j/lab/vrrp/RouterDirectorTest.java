package io.lvs4j.lab.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.loop.LoopSnapshot;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.core.Director;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.network.Responder;
import io.lvs4j.lab.network.Session;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Directors on two hosts serve one virtual address; a client on a third connects to it. */
@Timeout(180)
class RouterDirectorTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
  private static final InetAddress VIP = InetAddress.ofLiteral("10.77.0.100");

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private LabNetwork network;
  private Host one;
  private Host two;

  @BeforeEach
  void connect() {
    LabNetwork.obstacle().ifPresent(Assumptions::abort);
    network = LabNetwork.of("one", "two", "client");
    open.push(network);
    one = network.host("one");
    two = network.host("two");
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
        .virtualAddress(VIP.getHostAddress() + "/24");
  }

  private Responder backend(Host host) {
    var backend = Responder.on(host, 9000);
    open.push(backend);
    return backend;
  }

  private Director director(Host host, VrrpInstance instance, HealthCheck... checks) {
    return host.call(() -> {
      var web = VirtualServer.tcp(VIP.getHostAddress(), 80).realServer("127.0.0.1", 9000);
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

  private Socket client() {
    return network
        .host("client")
        .call(() -> {
          var socket = new Socket();
          open.push(socket);
          socket.connect(new InetSocketAddress(VIP, 80), 1000);
          socket.setSoTimeout(5000);
          return socket;
        });
  }

  private boolean isServedBy(Host host) {
    return Session.once(network.host("client"), VIP, 80)
        .filter(answer -> answer.startsWith(host.name() + " "))
        .isPresent();
  }

  @Test
  void theMasterServesTheVirtualAddressAndTheBackupTakesOver() throws Exception {
    backend(one);
    backend(two);
    var events = new CopyOnWriteArrayList<String>();
    var weaker =
        director(
            two,
            vip(100)
                .onMaster(event -> events.add("mine"))
                .onBackup(event -> events.add("theirs"))
                .build());
    var stronger = director(one, vip(150).build());

    await().atMost(LONG_ENOUGH).until(() -> state(stronger) == VrrpState.MASTER);
    await().atMost(LONG_ENOUGH).until(() -> isServing(stronger) && !isServing(weaker));
    await().atMost(LONG_ENOUGH).until(() -> isServedBy(one));

    stronger.close();
    await().atMost(LONG_ENOUGH).until(() -> isServing(weaker));
    assertThat(isServedBy(two)).isTrue();
    assertThat(state(stronger)).isEqualTo(VrrpState.STOPPED);
    assertThat(events).startsWith("theirs").endsWith("mine");
    assertThat(network.holders(VIP)).containsExactly(two);
  }

  @Test
  void connectionsToAnAddressThatIsLostAreCut() throws Exception {
    backend(two);
    var weaker = director(two, vip(100).build());
    await().atMost(LONG_ENOUGH).until(() -> isServing(weaker));
    var client = client();
    client.getOutputStream().write('\n');
    assertThat(client.getInputStream().readNBytes(4)).asString().isEqualTo("two ");
    assertThat(weaker.connections()).hasSize(1);

    var stronger = director(one, vip(150).build());
    await().atMost(LONG_ENOUGH).until(() -> state(stronger) == VrrpState.MASTER);

    await().atMost(LONG_ENOUGH).until(() -> weaker.connections().isEmpty());
    var counters = weaker.snapshot().virtualServers().getFirst();
    assertThat(counters.serving()).isFalse();
    assertThat(counters.traffic().connections()).isOne();
    // Although it says nothing, and the address is on another host by now.
    assertReset(client);
  }

  @Test
  void connectionsAreResetWhenTheDirectorLeavesItsAddressAndCounted() throws Exception {
    backend(two);
    var leaving = director(two, vip(100).build());
    await().atMost(LONG_ENOUGH).until(() -> isServing(leaving));
    var client = client();
    client.getOutputStream().write('\n');
    assertThat(client.getInputStream().readNBytes(4)).asString().isEqualTo("two ");
    var successor = director(one, vip(50).build());
    await().atMost(LONG_ENOUGH).until(() -> state(successor) == VrrpState.BACKUP);

    assertThat(leaving.shutdown(Duration.ofSeconds(30))).isOne();

    assertReset(client);
    await().atMost(LONG_ENOUGH).until(() -> isServing(successor));
  }

  @Test
  void connectionsAreResetWhenTheDirectorIsClosed() throws Exception {
    backend(two);
    var closing = director(two, vip(100).build());
    await().atMost(LONG_ENOUGH).until(() -> isServing(closing));
    var clients = new ArrayList<Socket>();
    for (int i = 0; i < 200; i++) {
      clients.add(client());
    }
    await().atMost(LONG_ENOUGH).until(() -> closing.connections().size() == clients.size());
    var successor = director(one, vip(50).build());
    await().atMost(LONG_ENOUGH).until(() -> state(successor) == VrrpState.BACKUP);

    closing.close();

    clients.forEach(RouterDirectorTest::assertReset);
  }

  private static void assertReset(Socket client) {
    assertThatThrownBy(
            () -> {
              while (client.getInputStream().read() >= 0) {
                // What was on its way.
              }
            })
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  @Test
  void aDirectorWithoutAWorkingServerLeavesTheAddressToAnother() throws Exception {
    var failing = backend(one);
    backend(two);
    var check = HealthCheck.tcp().every(Duration.ofMillis(100)).retries(0);
    var weaker = director(two, vip(100).build(), check);
    var stronger = director(one, vip(150).track(Tracker.directorHealth()).build(), check);
    await().atMost(LONG_ENOUGH).until(() -> isServing(stronger));

    failing.close();

    await().atMost(LONG_ENOUGH).until(() -> isServing(weaker));
    assertThat(state(stronger)).isEqualTo(VrrpState.FAULT);
    assertThat(stronger.vrrp("VI_1").reason())
        .isEqualTo("tracker director health: without quorum: [10.77.0.100:80/tcp]");
    assertThat(isServedBy(two)).isTrue();

    backend(one);
    await().atMost(LONG_ENOUGH).until(() -> isServing(stronger));
    await().atMost(LONG_ENOUGH).until(() -> isServedBy(one));
  }

  @Test
  void aDirectorWithNothingButAVirtualAddressIsFine() throws Exception {
    var director =
        one.call(() -> {
          var only = Director.builder().vrrp(vip(100).build()).build();
          open.push(only);
          only.start();
          return only;
        });
    await().atMost(LONG_ENOUGH).until(() -> state(director) == VrrpState.MASTER);
    assertThat(director.shutdown(Duration.ofSeconds(1))).isZero();
    assertThat(network.holders(VIP)).isEmpty();
  }

  @Test
  void anAddressIsNotHeldByADirectorThatCannotServeAtIt() throws Exception {
    backend(one);
    var taken =
        one.call(() -> {
          var socket = new ServerSocket();
          open.push(socket);
          socket.bind(new InetSocketAddress("0.0.0.0", 80));
          return socket;
        });
    var director = director(one, vip(150).build());
    await().atMost(LONG_ENOUGH).until(() -> state(director) == VrrpState.FAULT);
    assertThat(director.vrrp("VI_1").reason()).contains("10.77.0.100:80/tcp", "in use", "ss -ltnp");
    await().atMost(LONG_ENOUGH).until(() -> network.holders(VIP).isEmpty());
    var transitions = director.vrrp("VI_1").transitions();

    taken.close();
    await().atMost(LONG_ENOUGH).until(() -> isServing(director));
    assertThat(state(director)).isEqualTo(VrrpState.MASTER);
    assertThat(director.vrrp("VI_1").transitions()).isLessThanOrEqualTo(transitions + 2);
    await().atMost(LONG_ENOUGH).until(() -> isServedBy(one));
  }

  @Test
  void vrrpThatBeginsWhileADirectorClosesDoesNotOutliveIt() throws Exception {
    for (int round = 0; round < 4; round++) {
      int delay = round;
      var closed =
          one.call(() -> {
            var director = Director.builder().build();
            open.push(director);
            director.start();
            var begun = new CountDownLatch(1);
            var changer =
                Thread.ofPlatform()
                    .start(() -> {
                      begun.countDown();
                      try {
                        director.vrrp(List.of(vip(100).releaseAtOnce().build()), List.of());
                      } catch (IllegalStateException tooLate) {
                        // The director was closed first.
                      }
                    });
            try {
              begun.await();
              if (delay > 0) {
                // So that rounds meet it at different points.
                changer.join(Duration.ofMillis(delay));
              }
              director.close();
              changer.join();
            } catch (InterruptedException interrupted) {
              Thread.currentThread().interrupt();
            }
            assertThat(director.vrrp())
                .noneMatch(
                    each -> each.state() != VrrpState.STOPPED && each.state() != VrrpState.INIT);
            return director;
          });
      // By the director, for other tests have threads of these names meanwhile.
      assertThat(closed.loops()).noneMatch(LoopSnapshot::alive);
      assertThat(network.holders(VIP)).isEmpty();
    }
  }

  @Test
  void whatMakesNoSenseIsToldAllAtOnce() {
    var web = VirtualServer.tcp("127.0.0.1", 8080).whileMaster("VI_9").build();
    assertThatThrownBy(() ->
            Director.builder()
                .virtualServer(web)
                .vrrp(
                    vip(100)
                        .track(Tracker.quorum(VirtualServer.tcp(VIP.getHostAddress(), 1).build()))
                        .build())
                .vrrp(
                    VrrpInstance.builder("VI_2")
                        .networkInterface("eth0")
                        .virtualRouterId(51)
                        .virtualAddress("10.77.0.101")
                        .build())
                .build())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("while master of: VI_9 (expected: one of [VI_1, VI_2])")
        .hasMessageContaining("VRRP instance VI_2: virtual router id: 51, that of VI_1 on eth0 too")
        .hasMessageContaining("tracker: quorum of 10.77.0.100:1/tcp (expected: one of [");
  }
}
