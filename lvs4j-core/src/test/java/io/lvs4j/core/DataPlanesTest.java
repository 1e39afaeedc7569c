package io.lvs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.StartException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.api.plane.DataPlaneProvider;
import io.lvs4j.core.proxy.ProxyDataPlane;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which data plane is chosen, and what is said of it. */
class DataPlanesTest {
  private final Logger logger = Logger.getLogger("io.lvs4j.director");
  private final List<String> lines = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(handler);
  }

  private record Absent(String name, int preference) implements DataPlaneProvider {
    @Override
    public DataPlane open() {
      throw new StartException(List.of(new Problem(name, "not here", "a kernel that has it")));
    }
  }

  /** A provider whose plane is a proxy, so that it can do what a proxy can. */
  private record Present(String name, int preference) implements DataPlaneProvider {
    @Override
    public DataPlane open() {
      return ProxyDataPlane.builder().eventLoops(1).build();
    }
  }

  @Test
  void withNoOtherItIsTheProxy() {
    try (var plane = DataPlanes.auto(List.of(), List.of())) {
      assertThat(plane.name()).isEqualTo("proxy");
    }
    assertThat(lines).containsExactly("data plane proxy");
  }

  @Test
  void whatCanNotBeHadIsPassedOverWithItsReasonInOneLine() {
    var providers = List.<DataPlaneProvider>of(new Absent("slower", 10), new Absent("faster", 20));
    try (var plane = DataPlanes.auto(List.of(), providers)) {
      assertThat(plane).isInstanceOf(ProxyDataPlane.class);
    }
    assertThat(lines)
        .containsExactly(
            "data plane proxy; faster can't be had: faster: not here (expected: a kernel that has"
                + " it); slower can't be had: slower: not here (expected: a kernel that has it)");
  }

  @Test
  void theMostPreferredThatCanBeHadIsTaken() {
    var providers =
        List.<DataPlaneProvider>of(
            new Present("slower", 10), new Absent("absent", 30), new Present("faster", 20));
    DataPlanes.auto(List.of(), providers).close();
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst())
        .startsWith("data plane proxy; absent can't be had")
        .doesNotContain("slower");
  }

  @Test
  void oneThatCanNotDoWhatIsAskedForIsPassedOverToo() {
    var routed =
        VirtualServer.tcp("192.0.2.1", 80).forwarding(ForwardingMethod.DIRECT_ROUTING).build();
    DataPlanes.auto(List.of(routed), List.of(new Present("faster", 20))).close();
    assertThat(lines)
        .singleElement()
        .asString()
        .startsWith(
            "data plane proxy; faster can't do it all: virtual server 192.0.2.1:80/tcp: forwarding:"
                + " DIRECT_ROUTING");
  }

  @Test
  void aDirectorChoosesByItsVirtualServers() {
    var routed =
        VirtualServer.tcp("192.0.2.1", 80).forwarding(ForwardingMethod.DIRECT_ROUTING).build();
    var builder = Director.builder().automaticDataPlane().virtualServer(routed);
    assertThatThrownBy(builder::build)
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("DIRECT_ROUTING with the proxy data plane");
    assertThat(lines).containsExactly("data plane proxy");
  }
}
