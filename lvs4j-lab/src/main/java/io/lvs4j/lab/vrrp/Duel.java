package io.lvs4j.lab.vrrp;

import static org.awaitility.Awaitility.await;

import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.lab.network.Capture;
import io.lvs4j.lab.network.Client;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.network.Probe;
import io.lvs4j.lab.peer.Workspace;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * Two routers of one virtual router, A of priority 150 and B of priority 100, and a client C, on a
 * link that is recorded. Closing ends and removes all of it.
 */
public final class Duel implements AutoCloseable {
  /** The priority of A. */
  public static final int HIGHER = 150;

  /** The priority of B. */
  public static final int LOWER = 100;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Dialect dialect;
  private final Duration interval;
  private final Workspace workspace = Workspace.create();
  private final LabNetwork network;
  private final Capture capture;
  private final Router a;
  private final Router b;
  private final Client client;
  private final Probe probe;

  private Duel(
      RouterProgram programA,
      RouterProgram programB,
      Dialect dialect,
      Duration interval,
      UnaryOperator<VrrpInstance.Builder> changeA,
      UnaryOperator<VrrpInstance.Builder> changeB) {
    this.dialect = dialect;
    this.interval = interval;
    this.network = LabNetwork.of("a", "b", "c");
    try {
      this.capture = network.capture(workspace);
      Host hostA = network.host("a");
      Host hostB = network.host("b");
      Host hostC = network.host("c");
      var instanceA = changeA.apply(dialect.instance(hostA, hostB, HIGHER, interval)).build();
      var instanceB = changeB.apply(dialect.instance(hostB, hostA, LOWER, interval)).build();
      this.a = new Router(workspace, hostA, programA, List.of(instanceA));
      this.b = new Router(workspace, hostB, programB, List.of(instanceB));
      this.client = new Client(hostC);
      this.probe = Probe.from(hostC, virtualAddress(), Duration.ofMillis(1));
    } catch (RuntimeException failed) {
      workspace.close();
      network.close();
      throw failed;
    }
  }

  /** Sets up a duel in which nobody has started yet. */
  public static Duel of(RouterProgram a, RouterProgram b, Dialect dialect, Duration interval) {
    return of(a, b, dialect, interval, UnaryOperator.identity(), UnaryOperator.identity());
  }

  /** Sets up a duel with instances that are changed as given. */
  public static Duel of(
      RouterProgram a,
      RouterProgram b,
      Dialect dialect,
      Duration interval,
      UnaryOperator<VrrpInstance.Builder> changeA,
      UnaryOperator<VrrpInstance.Builder> changeB) {
    return new Duel(a, b, dialect, interval, changeA, changeB);
  }

  /** Returns the router of the higher priority. */
  public Router a() {
    return a;
  }

  /** Returns the router of the lower priority. */
  public Router b() {
    return b;
  }

  /** Returns what is recorded of the link. */
  public Capture capture() {
    return capture;
  }

  /** Returns the client's view. */
  public Client client() {
    return client;
  }

  /** Returns the client that asks every millisecond. */
  public Probe probe() {
    return probe;
  }

  /** Returns the network. */
  public LabNetwork network() {
    return network;
  }

  /** Returns the time between two adverts. */
  public Duration interval() {
    return interval;
  }

  /** Returns the address that moves, of those that do the one a client uses. */
  public InetAddress virtualAddress() {
    return dialect.virtualAddress();
  }

  /** Returns how long a backup of this priority waits after the last advert, by the RFCs. */
  public Duration masterDownInterval(int priority) {
    return interval.multipliedBy(3).plus(skew(priority));
  }

  /** Returns how long a backup of this priority waits after an advert of priority 0. */
  public Duration skew(int priority) {
    var unit = dialect.isVersion2() ? Duration.ofSeconds(1) : interval;
    return unit.multipliedBy(256 - priority).dividedBy(256);
  }

  /** Waits for an advert of a router from a moment on that says it is master, and returns it. */
  public Capture.Heard awaitMaster(Router router, Instant from) {
    return capture.awaitAdvert(
        router.host(),
        from,
        PATIENCE.plus(masterDownInterval(LOWER)),
        advert -> advert.priority() > 0);
  }

  /** Waits for an advert of a router that says it is master no more, and returns it. */
  public Capture.Heard awaitFarewell(Router router, Instant from) {
    return capture.awaitAdvert(router.host(), from, PATIENCE, advert -> advert.priority() == 0);
  }

  /** Waits until the client's questions to the virtual address are answered by a router. */
  public void awaitAnsweredBy(Router router) {
    await(router + " answering the client; " + this)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(() ->
            probe
                .answering(Duration.ofMillis(50))
                .filter(number -> number == router.host().number())
                .isPresent());
  }

  /** Returns who answers a TCP connection to the virtual address. */
  public OptionalInt connect() {
    return client.connect(virtualAddress());
  }

  /** Returns both routers' logs, for when something fails. */
  public String logs() {
    return "--- " + a + "\n" + a.log() + "\n--- " + b + "\n" + b.log();
  }

  @Override
  public void close() {
    try (network;
        workspace;
        a;
        b;
        probe) {
      // Closed from the last to the first.
    }
  }

  @Override
  public String toString() {
    return a + ", " + b + ", " + dialect + " each " + interval;
  }
}
