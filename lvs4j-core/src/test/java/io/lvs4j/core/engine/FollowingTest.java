package io.lvs4j.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Flow;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerPool;
import io.lvs4j.api.Traffic;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Virtual servers that are in service only while a VRRP instance is master. */
class FollowingTest {
  private static final Endpoint A = RealServer.of("10.0.0.1", 80).endpoint();
  private static final Endpoint B = RealServer.of("10.0.0.2", 80).endpoint();

  private final VirtualLoop loop = new VirtualLoop();
  private final MemoryPlane plane = new MemoryPlane();
  private final Engine engine = new Engine(loop, plane, new ScriptedHealth(), List.of());
  private final VirtualServer web =
      VirtualServer.tcp("192.0.2.1", 80)
          .scheduler(first())
          .realServer("10.0.0.1", 80)
          .whileMaster("VI_1")
          .build();

  @AfterEach
  void close() {
    engine.close();
  }

  private static Scheduler first() {
    return new Scheduler() {
      @Override
      public int schedule(ServerPool servers, Flow flow) {
        return 0;
      }

      @Override
      public String name() {
        return "first";
      }
    };
  }

  private VirtualServerSnapshot snapshot() {
    return engine.snapshot().join().virtualServers().getFirst();
  }

  @Test
  void itComesAndGoesWithItsInstanceAndNoOther() {
    engine.add(List.of(web)).join();
    assertThat(plane.tables).isEmpty();
    assertThat(snapshot().serving()).isFalse();

    engine.master("VI_2", true);
    assertThat(plane.tables).isEmpty();

    engine.master("VI_1", true);
    assertThat(plane.weights(web.id())).containsExactly(A + "=1");
    assertThat(snapshot().serving()).isTrue();

    engine.master("VI_1", false);
    assertThat(plane.tables).isEmpty();
    assertThat(plane.operations).endsWith("remove " + web.id(), "cut " + A);
  }

  @Test
  void itIsServedWhileAnyOfSeveralInstancesIsMaster() {
    var events = new ArrayList<DirectorEvent>();
    var shared =
        web.toBuilder()
            .whileMasterOfAny(List.of("VI_1", "VI_2"))
            .listener(events::add)
            .haSuspend()
            .build();
    engine.add(List.of(shared)).join();
    assertThat(plane.tables).isEmpty();

    engine.master("VI_2", true);
    engine.master("VI_1", true);
    assertThat(plane.weights(web.id())).containsExactly(A + "=1");
    plane.operations.clear();
    engine.master("VI_2", false);
    engine.master("VI_2", true);
    engine.master("VI_1", false);
    assertThat(plane.operations)
        .as("one of them was master all the time")
        .containsExactly("not master VI_2", "master VI_2", "not master VI_1");
    assertThat(snapshot().serving()).isTrue();

    engine.master("VI_2", false);
    assertThat(plane.tables).isEmpty();
    await()
        .untilAsserted(() ->
            assertThat(events)
                .contains(
                    new DirectorEvent.VirtualServerOpened(web.id(), "VI_2"),
                    new DirectorEvent.VirtualServerClosed(web.id(), "VI_2")));
  }

  @Test
  void itStaysInServiceWhenAReloadTakesTheMasterAwayThatItDoesNotNeed() {
    var shared = web.toBuilder().whileMasterOfAny(List.of("VI_1", "VI_2")).build();
    engine.add(List.of(shared)).join();
    engine.master("VI_1", true);
    engine.master("VI_2", true);
    plane.operations.clear();
    engine.update(web.toBuilder().whileMaster("VI_2").build()).join();
    engine.master("VI_1", false);
    assertThat(plane.operations).noneMatch(each -> each.startsWith("remove"));
    assertThat(snapshot().serving()).isTrue();
  }

  @Test
  void allInstancesGiveAnAddressUpThatCannotBeServedUntilItCan() {
    var faults = new ArrayList<String>();
    engine.watchFaults((instance, reason) -> {
      faults.add(instance + (reason.isPresent() ? " in fault" : " may be master"));
      engine.master(instance, reason.isEmpty());
    });
    engine.add(List.of(web.toBuilder().whileMasterOfAny(List.of("VI_1", "VI_2")).build())).join();
    plane.unbindable.add(web.id());
    plane.inTheWay.add(web.id());
    engine.master("VI_2", true);
    assertThat(faults).containsExactly("VI_1 in fault", "VI_2 in fault");

    plane.unbindable.clear();
    plane.inTheWay.clear();
    loop.pass(Duration.ofMinutes(2));
    assertThat(faults.subList(2, faults.size()))
        .containsExactly("VI_1 may be master", "VI_2 may be master");
    assertThat(snapshot().serving()).isTrue();
  }

  @Test
  void aPlaneHearsWhatIsNotToBeServedAndWhoIsMaster() {
    engine.add(List.of(web)).join();
    assertThat(plane.operations).as("the start may fail yet").containsExactly("expect " + web.id());
    engine.confirm().join();
    engine.master("VI_1", false);
    engine.master("VI_1", true);
    assertThat(plane.operations)
        .containsExactly(
            "expect " + web.id(),
            "withhold " + web.id(),
            "not master VI_1",
            "master VI_1",
            "add " + web.id());
  }

  @Test
  void whatAnEarlierLifeHasLeftIsNotBelievedOfOneThatIsNotServedYet() {
    var alpha = web.toBuilder().healthCheck(HealthCheck.tcp().alpha()).build();
    plane.found.put(web.id(), Set.of(A));
    engine.add(List.of(alpha)).join();
    engine.master("VI_1", true);
    assertThat(plane.weights(web.id())).isEmpty();
  }

  @Test
  void whatChangesMeanwhileIsInForceWhenItComes() {
    engine.add(List.of(web)).join();
    engine.addServer(web.id(), RealServer.of("10.0.0.2", 80).weight(3)).join();
    engine.removeServer(web.id(), A).join();
    engine.master("VI_1", true);
    assertThat(plane.weights(web.id())).containsExactly(B + "=3");

    engine.master("VI_1", false);
    engine.update(web.toBuilder().realServer("10.0.0.3", 80).build()).join();
    engine.master("VI_1", true);
    assertThat(plane.weights(web.id())).containsExactly(A + "=1", "10.0.0.3:80=1");
  }

  @Test
  void oneThatIsMasterAlreadyIsServedAtOnceAndRefusedWithAReason() {
    engine.master("VI_1", true);
    engine.add(List.of(web)).join();
    assertThat(plane.tables).containsKey(web.id());

    engine.remove(web.id()).join();
    assertThat(plane.tables).isEmpty();
    plane.unbindable.add(web.id());
    assertThat(engine.add(List.of(web))).isCompletedExceptionally();
  }

  @Test
  void anAddressThatIsRefusedIsTriedAgainEverySecondWhileItsInstanceIsMaster() {
    engine.add(List.of(web)).join();
    plane.unbindable.add(web.id());
    engine.master("VI_1", true);
    assertThat(snapshot().serving()).isFalse();

    plane.unbindable.clear();
    loop.pass(Duration.ofMillis(900));
    assertThat(snapshot().serving()).isFalse();
    loop.pass(Duration.ofMillis(200));
    assertThat(snapshot().serving()).isTrue();
  }

  @Test
  void countersGoOnFromOneTimeOfServiceToTheNext() {
    engine.add(List.of(web)).join();
    engine.master("VI_1", true);
    plane.traffic.put(A, new Traffic(5, 0, 0, 100, 200));
    plane.open.put(A, 2);
    assertThat(snapshot().realServers().getFirst().active()).isEqualTo(2);

    engine.master("VI_1", false);
    plane.traffic.clear();
    assertThat(snapshot().traffic()).isEqualTo(new Traffic(5, 0, 0, 100, 200));
    assertThat(snapshot().realServers().getFirst().active()).isZero();

    engine.master("VI_1", true);
    plane.traffic.put(A, new Traffic(1, 0, 0, 10, 20));
    assertThat(snapshot().traffic()).isEqualTo(new Traffic(6, 0, 0, 110, 220));
  }

  @Test
  void itMayBeginAndCeaseToFollow() {
    var free = web.toBuilder().whileMaster("VI_9").build();
    engine.add(List.of(free)).join();
    assertThat(plane.tables).isEmpty();
    engine.master("VI_1", true);
    engine.update(web).join();
    assertThat(plane.tables).containsKey(web.id());
    engine.update(free).join();
    assertThat(plane.tables).isEmpty();
  }

  @Test
  void quorumIsToldOfFromTheBeginningAndRemovedServersAreNoConcern() {
    var told = new ArrayList<String>();
    engine.watchQuorum((id, up) -> told.add(id + " " + up));
    engine.add(List.of(web)).join();
    engine.removeServer(web.id(), A).join();
    engine.remove(web.id()).join();
    assertThat(told).containsExactly(web.id() + " true", web.id() + " false", web.id() + " true");
  }

  @Test
  void anInstanceWhoseVirtualServerCannotBeServedGivesItsAddressUpUntilItCan() {
    var faults = new ArrayList<String>();
    engine.watchFaults((instance, reason) -> {
      faults.add(instance + reason.map(why -> ": " + why).orElse(" may be master"));
      engine.master(instance, reason.isEmpty());
    });
    engine.add(List.of(web)).join();
    plane.unbindable.add(web.id());
    plane.inTheWay.add(web.id());
    engine.master("VI_1", true);
    assertThat(faults)
        .singleElement()
        .asString()
        .startsWith("VI_1: virtual server 192.0.2.1:80/tcp is not served: bind ");
    assertThat(snapshot().serving()).isFalse();

    loop.pass(Duration.ofMinutes(10));
    assertThat(faults).hasSize(1);
    plane.unbindable.clear();
    plane.inTheWay.clear();
    loop.pass(Duration.ofMinutes(2));
    assertThat(faults).hasSize(2).last().isEqualTo("VI_1 may be master");
    assertThat(snapshot().serving()).isTrue();

    // What nobody can foresee is believed at the second attempt, and tried at a rate that falls.
    engine.master("VI_1", false);
    faults.clear();
    plane.unbindable.add(web.id());
    engine.master("VI_1", true);
    assertThat(faults).isEmpty();
    loop.pass(Duration.ofSeconds(2));
    assertThat(faults).hasSize(1);
    loop.pass(Duration.ofMinutes(10));
    assertThat(faults).hasSizeBetween(10, 40);
    engine.remove(web.id()).join();
    assertThat(faults.getLast()).isEqualTo("VI_1 may be master");
  }

  @Test
  void aPrivilegeThatIsMissingIsFoundWhenItIsAddedWhoeverIsMaster() {
    plane.forbidden.add(web.id());
    assertThat(engine.add(List.of(web))).isCompletedExceptionally();
    plane.forbidden.clear();
    engine.add(List.of(web)).join();
  }
}
