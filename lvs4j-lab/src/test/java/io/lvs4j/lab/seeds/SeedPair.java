package io.lvs4j.lab.seeds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.network.Capture;
import io.lvs4j.lab.network.Capture.Heard;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.vrrp.wire.VrrpV2;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The two routers of a document, each with its keepalived.conf, on a link of their own; and what
 * anybody can see of them.
 */
final class SeedPair implements AutoCloseable {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

  private final Workspace workspace = Workspace.create();
  private final LabNetwork network = LabNetwork.of("master", "backup");
  private final Capture capture;
  private final InetAddress address;
  private final List<String> steps = new ArrayList<>();

  /** The one that has the higher priority. */
  final SeedRouter master;

  final SeedRouter backup;

  /**
   * What anybody can see.
   *
   * @param steps who had the virtual address after each event
   * @param masterAdverts what the master said on the link, without repetition
   * @param backupAdverts what the backup said
   * @param masterNotified what the master's notify scripts wrote, without the time
   * @param backupNotified what the backup's wrote
   */
  record Observed(
      List<String> steps,
      List<String> masterAdverts,
      List<String> backupAdverts,
      List<String> masterNotified,
      List<String> backupNotified) {}

  /**
   * Makes the hosts.
   *
   * @param card what the files call the network card
   * @param address the virtual address of the files
   */
  SeedPair(String card, String address, SeedRouter.Reader master, SeedRouter.Reader backup) {
    this.address = InetAddress.ofLiteral(address);
    for (Host host : network.hosts()) {
      if (!card.equals(Host.CARD)) {
        host.ip(
            List.of(
                "link set eth0 down", "link set eth0 name " + card, "link set " + card + " up"));
      }
    }
    this.capture = network.capture(workspace, "ip proto 112");
    this.master = router("master", master);
    this.backup = router("backup", backup);
  }

  private SeedRouter router(String host, SeedRouter.Reader reader) {
    return new SeedRouter(workspace, network.host(host), reader, new Machine(workspace));
  }

  /** Does the same to what is at both hosts. */
  void both(Consumer<Machine> change) {
    change.accept(master.machine());
    change.accept(backup.machine());
  }

  /**
   * Starts the one, and the other when it is master: their priorities are so close that else the
   * faster one would be master for a moment.
   */
  void start() {
    master.start();
    master.awaitReady();
    awaitHeld("the master is started", master);
    backup.start();
    backup.awaitReady();
    awaitHeld("both are started", master);
  }

  /** Waits until exactly these have the address, and one of them has said so once more. */
  void awaitHeld(String event, SeedRouter... by) {
    var expected = List.of(by).stream().map(each -> each.host().name()).toList();
    await(event + ": address at " + expected)
        .atMost(LONG_ENOUGH)
        .until(() -> holders().equals(expected));
    var last = by[by.length - 1];
    capture.awaitAdvert(last.host(), Instant.now(), LONG_ENOUGH, _ -> true);
    if (last.machine().has("start_haproxy.sh")) {
      await(event + ": " + last + " told that it is master")
          .atMost(LONG_ENOUGH)
          .until(() -> !notified(last).isEmpty() && notified(last).getLast().endsWith("master"));
    }
    assertThat(holders()).as(event + ", an advert later").isEqualTo(expected);
    steps.add(event + ": " + expected);
  }

  /** Says of a step only that it was: what follows from it is not the same. */
  void different(String event) {
    steps.set(steps.size() - 1, event);
  }

  private List<String> holders() {
    return network.holders(address).stream().map(Host::name).toList();
  }

  Observed observed() {
    return new Observed(
        List.copyOf(steps), said(master), said(backup), notified(master), notified(backup));
  }

  private List<String> said(SeedRouter router) {
    var said = new ArrayList<String>();
    for (var heard : capture.adverts(router.host())) {
      var words = words(heard);
      if (said.isEmpty() || !said.getLast().equals(words)) {
        said.add(words);
      }
    }
    return said;
  }

  private static String words(Heard heard) {
    var advert = heard.received().advert();
    var password =
        advert instanceof VrrpV2 second && second.authentication().present()
            ? " password " + Long.toHexString(second.authentication().bits())
            : "";
    return "v%d, id %d, priority %d, every %d s, addresses %s, to %s%s"
        .formatted(
            advert.version().number(),
            advert.virtualRouterId().value(),
            heard.priority(),
            advert.interval().toSeconds(),
            advert.addresses(),
            heard.received().datagram().destination(),
            password);
  }

  /** The document's script begins each line with the time. */
  private static List<String> notified(SeedRouter router) {
    return router.machine().written("haproxy.log").stream()
        .map(line -> line.replaceFirst("^[-0-9]+ [0-9]+:[0-9]+:[0-9]+: ", ""))
        .toList();
  }

  @Override
  public void close() {
    workspace.close();
    network.close();
  }
}
