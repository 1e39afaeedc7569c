package io.lvs4j.lab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LabNetworkTest {
  @BeforeEach
  void checkHost() {
    LabNetwork.obstacle().ifPresent(Assumptions::abort);
  }

  @Test
  void hostsReachEachOtherUntilOneIsCutOff() {
    try (var network = LabNetwork.of("a", "c")) {
      var a = network.host("a");
      var client = new Client(network.host("c"));
      try (var beacon = Beacon.on(a)) {
        await("TCP to " + beacon).until(() -> client.connect(a.ipv4()).equals(OptionalInt.of(1)));
        assertThat(client.connect(a.ipv6())).hasValue(1);
        assertThat(client.ping(a.ipv4())).isTrue();
        assertThat(client.ping(a.ipv6())).isTrue();
        a.cutOff();
        assertThat(a.ip("link show eth0")).as("noticed by nobody").contains("LOWER_UP");
        assertThat(client.ping(a.ipv4())).isFalse();
        a.rejoin();
        assertThat(client.connect(a.ipv4())).hasValue(1);
        a.pullCable();
        await().until(() -> a.ip("link show eth0").contains("NO-CARRIER"));
        a.plugCable();
        await().until(() -> client.ping(a.ipv4()));
      }
      assertThat(client.connect(a.ipv4())).as("after the service has ended").isEmpty();
    }
  }

  @Test
  void theProbeMeasuresASilence() {
    try (var network = LabNetwork.of("a", "c")) {
      var a = network.host("a");
      try (var beacon = Beacon.on(a);
          var probe = Probe.from(network.host("c"), a.ipv4(), Duration.ofMillis(1))) {
        await().until(() -> probe.answers(Instant.MIN).size() > 20);
        var cut = Instant.now();
        a.cutOff();
        await(beacon + " silent").until(() -> probe.answering(Duration.ofMillis(100)).isEmpty());
        a.rejoin();
        await().until(() -> probe.answering(Duration.ofMillis(100)).isPresent());
        var silence = probe.longestSilence(cut).orElseThrow();
        assertThat(silence.length()).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        assertThat(silence.before().at()).isBefore(silence.after().at());
        assertThat(probe.answers(cut)).allMatch(answer -> answer.host() == 1);
      }
    }
  }

  @Test
  void nothingIsLeftBehind() {
    String name;
    try (var network = LabNetwork.of("a")) {
      name = network.host("a").namespace().name();
      assertThat(LabNetwork.namespaces()).contains(name);
      assertThat(network.host("a").has(InetAddress.ofLiteral("10.77.0.1"))).isTrue();
      assertThat(network.host("a").has(InetAddress.ofLiteral("10.77.0.2"))).isFalse();
    }
    assertThat(LabNetwork.namespaces()).doesNotContain(name);
  }
}
