package io.lvs4j.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.loop.LoopSnapshot;
import io.lvs4j.core.fault.FaultyClasses;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An event loop outlives what is thrown on it. */
class FaultTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static void echo(Socket socket) throws IOException {
    socket.getInputStream().transferTo(socket.getOutputStream());
  }

  private static void assertEchoes(Socket client) throws IOException {
    client.getOutputStream().write(7);
    assertThat(client.getInputStream().read()).isEqualTo(7);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"EPOLL", "NIO"})
  @SuppressWarnings("unchecked")
  void anErrorAtAnyCallOfForeignCodeTakesOneConnectionAtMost(Transport transport) throws Exception {
    Front.plane(transport).close();
    var classes =
        new FaultyClasses(
            "io.lvs4j.core.",
            name ->
                name.startsWith("io.lvs4j.core.proxy.")
                    && !name.contains("Scenario")
                    && !name.contains("Front")
                    && !name.contains("Peers")
                    && !name.contains("ProxyDataPlane"));
    var scenario =
        (Consumer<String>)
            classes.loadClass(FaultScenario.class.getName()).getConstructor().newInstance();
    scenario.accept(transport.name());
  }

  @EveryTransport
  void whateverASchedulerThrowsRefusesThatConnectionOnly(Transport transport) throws Exception {
    var faults =
        List.<Throwable>of(
            new OutOfMemoryError("scheduler"),
            new StackOverflowError(),
            new NoClassDefFoundError("com/example/Weights"),
            new LinkageError(),
            new InternalError(),
            new IOException("sneaky"),
            new Throwable("bare"),
            new IllegalStateException());
    try (var server = new Peers.Server(FaultTest::echo);
        var front = Front.tcp(transport, settings -> settings, server.address())) {
      var established = front.connect();
      assertEchoes(established);
      for (var fault : faults) {
        front.update(settings -> settings.scheduler((_, _) -> sneak(fault)));
        assertThat(front.connectAndReadAll()).isEqualTo(new Peers.Received(0, Peers.End.RESET));
        assertEchoes(established);
      }
      front.update(settings -> settings.scheduler(Front::first));
      assertEchoes(front.connect());
      assertThat(front.plane.loops().stream().mapToLong(LoopSnapshot::faults).sum())
          .isGreaterThanOrEqualTo(faults.size());
      assertThat(front.plane.loops()).allMatch(LoopSnapshot::alive);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> int sneak(Throwable fault) throws T {
    throw (T) fault;
  }

  @EveryTransport
  void aTaskThatThrowsAnErrorEndsNoLoop(Transport transport) throws Exception {
    try (var front = Front.tcp(transport, FaultTest::echo)) {
      var established = front.connect();
      assertEchoes(established);
      for (var loop : front.plane.eventLoops()) {
        for (int i = 0; i < 3; i++) {
          // Not by way of ProxyLoop, which has a guard of its own.
          loop.eventLoop()
              .execute(() -> {
                throw new NoClassDefFoundError("a task");
              });
        }
        loop.eventLoop().submit(() -> {}).get(10, TimeUnit.SECONDS);
      }
      assertEchoes(established);
      assertEchoes(front.connect());
      assertThat(front.plane.loops()).allMatch(LoopSnapshot::alive);
    }
  }

  @EveryTransport
  void aLoopThatHasEndedIsToldAndThePlaneCanBeClosed(Transport transport) throws Exception {
    try (var front = Front.tcp(transport, FaultTest::echo)) {
      assertEchoes(front.connect());
      int before = Descriptors.count();
      var loop = front.plane.eventLoops().getFirst().eventLoop();
      loop.shutdownGracefully(0, 1, TimeUnit.MILLISECONDS).await();

      await()
          .atMost(SOON)
          .untilAsserted(
              () -> assertThat(front.plane.loops()).filteredOn(each -> !each.alive()).hasSize(1));
      assertThatCode(front.plane::close).doesNotThrowAnyException();
      assertThat(front.plane.openConnections()).isZero();
      await().atMost(SOON).until(() -> Descriptors.count() < before);
    }
  }
}
