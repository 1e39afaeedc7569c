package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.ipvs.CheckedServer.DOWN;
import static io.lvs4j.lab.ipvs.CheckedServer.UP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.lab.ipvs.CheckedBackend.Mood;
import io.lvs4j.lab.lvs.Family;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.peer.Keepalived;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * keepalived and lvs4j tell the same scripts the same, at the start and at the end too, and pause
 * the checks of a virtual server whose address they don't have.
 */
@Order(2)
class NotificationsInKernel {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final InetAddress ADDRESS = Family.IPV4.virtualAddress();

  /** Longer than it takes to decide with checks each second, and one retry after another. */
  private static final Duration TO_DECIDE = Duration.ofMillis(2500);

  private final LvsSite site = LvsSite.of(2, 1);
  private final List<CheckedBackend> backends = new ArrayList<>();

  @BeforeEach
  void look() {
    assumeTrue(Keepalived.find().isPresent(), "keepalived is not installed");
  }

  @AfterEach
  void close() {
    backends.forEach(CheckedBackend::close);
    site.close();
  }

  private CheckedBackend backend(int port) {
    var backend = StreamBackend.silent(site.real(1), port);
    backends.add(backend);
    return backend;
  }

  private String virtualServer(String address, int port, String settings, String real) {
    return """
    virtual_server %1$s %2$d {
      delay_loop 1
      warmup 0
      lvs_sched rr
      lvs_method NAT
      protocol TCP
      %3$s
      %4$s
    }
    """
        .formatted(address, port, settings, real);
  }

  private String realServer(int port, String settings) {
    return """
    real_server %1$s %2$d {
      weight 1
      %3$s
      TCP_CHECK {
        connect_port %2$d
        connect_timeout 1
        retry 0
      }
    }
    """
        .formatted(site.real(1).ipv4().getHostAddress(), port, settings);
  }

  @Test
  void scriptsAreToldTheSameFromTheStartToTheEnd() {
    var script = new Told(site.workspace().directory("told"));
    var first = backend(9101);
    backend(9102);
    try (var both =
        SideBySide.start(
            site,
            "global_defs {\n script_user root\n rs_init_notifies\n}\n"
                + virtualServer(
                    "10.77.0.101",
                    80,
                    "omega\n" + script.quorum("omega") + "quorum 2\n",
                    realServer(9101, script.realServer("omega", 9101))
                        + realServer(9102, script.realServer("omega", 9102)))
                + virtualServer(
                    "10.77.0.102",
                    80,
                    script.quorum("plain"),
                    realServer(9101, script.realServer("plain", 9101))
                        + realServer(9102, script.realServer("plain", 9102))))) {
      script.bothAre(
          "at the start",
          "omega up 9101",
          "omega up 9102",
          "omega quorum_up",
          "plain up 9101",
          "plain up 9102",
          "plain quorum_up");
      first.be(Mood.GONE);
      script.bothAre("one is gone", "omega down 9101", "omega quorum_down", "plain down 9101");
      first.be(Mood.WELL);
      script.bothAre("it is back", "omega up 9101", "omega quorum_up", "plain up 9101");
      both.end();
      script.bothAre("at the end", "omega down 9101", "omega down 9102", "omega quorum_down");
    }
  }

  /** A virtual server, and what keepalived tells of it until each real server was checked once. */
  private record Start(String settings, int other, List<String> atOnce, List<String> byChecks) {
    /** All that is told where real servers that begin up are told of too. */
    List<String> toldOfAll() {
      return settings.contains("alpha")
          ? told()
          : Stream.concat(Stream.of("up 9201", "up " + other), told().stream()).toList();
    }

    List<String> told() {
      return Stream.concat(atOnce.stream(), byChecks.stream()).toList();
    }
  }

  private static final String SORRY = "sorry_server 10.77.9.9 80\n";
  private static final String TOO_MUCH = "quorum 2\nhysteresis 1\n";
  private static final List<String> GAINED = List.of("quorum_up");
  private static final List<String> LOST = List.of("quorum_down");

  /** Two real servers of weight 1: one that is well, and the other, of which 9209 isn't there. */
  private static List<Start> starts() {
    return List.of(
        new Start("", 9202, GAINED, List.of()),
        new Start(SORRY, 9202, GAINED, List.of()),
        new Start("quorum 2\n", 9209, GAINED, List.of("down 9209", "quorum_down")),
        new Start(TOO_MUCH, 9202, List.of(), List.of()),
        new Start(TOO_MUCH + SORRY, 9202, LOST, List.of()),
        new Start("alpha\n", 9202, List.of(), List.of("up 9201", "up 9202", "quorum_up")),
        new Start("alpha\n" + SORRY, 9202, LOST, List.of("up 9201", "up 9202", "quorum_up")),
        new Start("alpha\n" + TOO_MUCH, 9202, List.of(), List.of("up 9201", "up 9202")),
        new Start("alpha\nquorum 2\n", 9209, List.of(), List.of("up 9201", "down 9209")),
        new Start("alpha\nquorum 2\n" + SORRY, 9209, LOST, List.of("up 9201", "down 9209")));
  }

  /** Returns all of them as virtual servers of a network. */
  private String startsText(Told script, String network) {
    var text = new StringBuilder();
    for (int i = 0; i < starts().size(); i++) {
      var start = starts().get(i);
      var name = network + i;
      text.append(
          virtualServer(
              network + "." + i,
              80,
              start.settings() + script.quorum(name),
              realServer(9201, script.realServer(name, 9201))
                  + realServer(start.other(), script.realServer(name, start.other()))));
    }
    return text.toString();
  }

  private static String[] startsTold(String network, Function<Start, List<String>> told) {
    return IntStream.range(0, starts().size())
        .boxed()
        .flatMap(i -> told.apply(starts().get(i)).stream().map(line -> network + i + " " + line))
        .toArray(String[]::new);
  }

  @Test
  void eachStartIsToldTheSameAndSoIsThatOfAVirtualServerThatAReloadAdds() throws Exception {
    var script = new Told(site.workspace().directory("told"));
    backend(9201);
    backend(9202);
    var first = "global_defs {\n script_user root\n}\n" + startsText(script, "10.77.1");
    try (var both = SideBySide.start(site, first)) {
      script.bothAre("at the start", startsTold("10.77.1", Start::told));
      both.reload(first);
      // What the reload of nothing told would be seen here.
      both.reload(first + startsText(script, "10.77.2"));
      script.bothAre("of those that are new", startsTold("10.77.2", Start::told));
    }
  }

  @Test
  void eachStartIsToldTheSameWithThoseThatBeginUp() {
    var script = new Told(site.workspace().directory("told"));
    backend(9201);
    backend(9202);
    try (var _ =
        SideBySide.start(
            site,
            "global_defs {\n script_user root\n rs_init_notifies\n}\n"
                + startsText(script, "10.77.1"))) {
      script.bothAre("at the start", startsTold("10.77.1", Start::toldOfAll));
    }
  }

  @Test
  void checksPauseWhileTheAddressIsNotHere() {
    var backend = backend(9103);
    var companion = "TCP 0A4D00C8:0050";
    var suspended = "TCP 0A4D0064:0050";
    try (var both =
        SideBySide.start(
            site,
            virtualServer("10.77.0.100", 80, "ha_suspend", realServer(9103, ""))
                + virtualServer("10.77.0.200", 80, "", realServer(9103, "")))) {
      become(both, companion, UP);
      become(both, suspended, UP);
      backend.be(Mood.GONE);
      become(both, companion, DOWN);
      stay(both, suspended, UP);
      site.hold(site.director(1), ADDRESS);
      site.hold(site.director(2), ADDRESS);
      become(both, suspended, DOWN);
      backend.be(Mood.WELL);
      become(both, suspended, UP);
      become(both, companion, UP);
      for (Host director : List.of(site.director(1), site.director(2))) {
        director.ip("address delete " + ADDRESS.getHostAddress() + "/32 dev eth0");
      }
      both.awaitSuspended();
      backend.be(Mood.GONE);
      become(both, companion, DOWN);
      stay(both, suspended, UP);
    }
  }

  private static void become(SideBySide both, String service, String weight) {
    await(service + " with weight " + weight)
        .atMost(PATIENCE)
        .untilAsserted(() -> assertWeight(both, service, weight));
  }

  private static void assertWeight(SideBySide both, String service, String weight) {
    assertThat(both.keepalived().now()).as("keepalived").containsEntry(service, weight);
    assertThat(both.lvs4j().now()).as("lvs4j").containsEntry(service, weight);
  }

  private static void stay(SideBySide both, String service, String weight) {
    long until = System.nanoTime() + TO_DECIDE.toNanos();
    await(service + " stays with weight " + weight)
        .atMost(PATIENCE)
        .until(() -> {
          assertWeight(both, service, weight);
          return System.nanoTime() - until >= 0;
        });
  }
}
