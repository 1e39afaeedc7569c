package io.lvs4j.lab.ipvs;

import static io.lvs4j.lab.lvs.Family.IPV4;
import static io.lvs4j.lab.lvs.LvsSite.PORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.HealthReport;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.ipvs.wire.AddressBytes;
import io.lvs4j.ipvs.wire.IpvsMessage;
import io.lvs4j.lab.lvs.LvsSite;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What a change of health says to the kernel, taken down at the kernel: the one request that it
 * needs, of the one real server that it is about, and nothing else is touched meanwhile.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EditsInKernel {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LvsSite site = LvsSite.of(1, 3);
  private final InetAddress vip = IPV4.virtualAddress();
  private final Map<Endpoint, HealthReport> reports = new ConcurrentHashMap<>();
  private NetlinkCapture capture;
  private int seen;

  @BeforeAll
  void listen() {
    capture = NetlinkCapture.start(site.director(), site.workspace());
  }

  @BeforeEach
  void allAreUp() {
    reports.clear();
  }

  @AfterAll
  void close() {
    site.close();
  }

  private Endpoint endpoint(int real) {
    return new Endpoint(site.real(real).ipv4(), PORT);
  }

  private RealServer real(int number) {
    return RealServer.of(site.real(number).ipv4().getHostAddress(), PORT);
  }

  /** Is checked twenty times a second, and says what the test wants it to. */
  private VirtualServer.Builder web(int port) {
    var check =
        HealthCheck.of(
                "script",
                (server, _) ->
                    CompletableFuture.completedFuture(
                        reports.getOrDefault(server, HealthReport.up("well"))))
            .every(Duration.ofMillis(50))
            .retries(0);
    return VirtualServer.tcp(vip.getHostAddress(), port)
        .forwarding(ForwardingMethod.NAT)
        .healthCheck(check);
  }

  private void report(int real, HealthReport report) {
    reports.put(endpoint(real), report);
  }

  /** Returns all but the question for a scheduler, a service of port 0 that the kernel refuses. */
  private List<IpvsMessage> edits() {
    return capture.edits().stream()
        .filter(request -> request.service().orElseThrow().port().orElse(0) != 0)
        .toList();
  }

  /** Waits until so many requests more have been made, and checks what they are. */
  private void requests(String... expected) {
    await("requests").atMost(PATIENCE).until(() -> edits().size() >= seen + expected.length);
    var all = edits();
    assertThat(all.subList(seen, all.size()).stream().map(EditsInKernel::text))
        .containsExactly(expected);
    seen = all.size();
  }

  /** Says {@code SET_DEST 10.77.0.3:80 weight 5} of a request about a virtual server's port 80. */
  private static String text(IpvsMessage request) {
    var service = request.service().orElseThrow();
    var text = new ArrayList<>(List.of(request.command().toString()));
    if (service.port().orElse(0) != PORT) {
      text.add("of port " + service.port().orElse(0));
    }
    request
        .destination()
        .ifPresent(server -> {
          var address = server.address().flatMap(AddressBytes::ipv4).orElseThrow();
          text.add(new Endpoint(address, server.port().orElseThrow()).toString());
          server.weight().ifPresent(weight -> text.add("weight " + weight));
        });
    return String.join(" ", text);
  }

  @Test
  void aChangeOfHealthOrWeightIsOneRequestAboutOneServer() {
    var web =
        web(PORT)
            .realServer(real(1))
            .realServer(real(2))
            .realServer(real(3).inhibitOnFailure())
            .build();
    var elsewhere = web(8080).realServer(real(1).weight(3)).build();
    try (var director = KernelDirector.start(site.director(), web, elsewhere)) {
      requests(
          "NEW_SERVICE",
          "NEW_DEST " + endpoint(1) + " weight 1",
          "NEW_DEST " + endpoint(2) + " weight 1",
          "NEW_DEST " + endpoint(3) + " weight 1",
          "NEW_SERVICE of port 8080",
          "NEW_DEST of port 8080 " + endpoint(1) + " weight 3");
      report(2, HealthReport.down("gone"));
      requests("DEL_DEST " + endpoint(2));
      report(2, HealthReport.up("back"));
      requests("NEW_DEST " + endpoint(2) + " weight 1");
      report(3, HealthReport.down("gone, and inhibited"));
      requests("SET_DEST " + endpoint(3) + " weight 0");
      report(3, HealthReport.up("back"));
      requests("SET_DEST " + endpoint(3) + " weight 1");
      report(2, HealthReport.up("has more to give").weight(5));
      requests("SET_DEST " + endpoint(2) + " weight 5");
      report(2, HealthReport.up("is full").weight(0));
      requests("SET_DEST " + endpoint(2) + " weight 0");
      director.realServer(web.id(), endpoint(3)).weight(7);
      requests("SET_DEST " + endpoint(3) + " weight 7");
      assertThat(director.isRunning()).isTrue();
    }
    requests("DEL_SERVICE", "DEL_SERVICE of port 8080");
  }

  @Test
  void aQuorumThatIsLostIsOneRequestForEachServerThatComesOrGoes() {
    var web =
        web(PORT).realServer(real(1)).realServer(real(2)).quorum(2).sorryServer(real(3)).build();
    try (var director = KernelDirector.start(site.director(), web)) {
      requests(
          "NEW_SERVICE",
          "NEW_DEST " + endpoint(1) + " weight 1",
          "NEW_DEST " + endpoint(2) + " weight 1");
      report(1, HealthReport.down("gone"));
      requests(
          "NEW_DEST " + endpoint(3) + " weight 1",
          "DEL_DEST " + endpoint(1),
          "DEL_DEST " + endpoint(2));
      report(2, HealthReport.down("gone too"));
      await()
          .atMost(PATIENCE)
          .until(() ->
              director.snapshot().virtualServers().getFirst().realServers().stream()
                  .noneMatch(server -> server.up()));
      report(2, HealthReport.up("back"));
      report(1, HealthReport.up("back"));
      requests(
          "NEW_DEST " + endpoint(1) + " weight 1",
          "NEW_DEST " + endpoint(2) + " weight 1",
          "DEL_DEST " + endpoint(3));
    }
    requests("DEL_SERVICE");
  }
}
