package io.lvs4j.lab.plane;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.core.DataPlanes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Which data plane this host gets, of those on the class path. */
class AutomaticPlaneTest {
  private final Logger logger = Logger.getLogger("io.lvs4j.director");

  @Test
  void aKernelWithoutIpvsGetsTheProxyAndIsToldWhy() {
    Assumptions.assumeFalse(
        Files.exists(Path.of("/proc/net/ip_vs")), "this kernel has ip_vs; nothing to see");
    List<String> lines = new CopyOnWriteArrayList<>();
    var handler =
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
    logger.addHandler(handler);
    try (var plane = DataPlanes.auto()) {
      assertThat(plane.name()).isEqualTo("proxy");
    } finally {
      logger.removeHandler(handler);
    }
    assertThat(lines)
        .singleElement()
        .asString()
        .startsWith("data plane proxy; ipvs can't be had: ipvs data plane: ");
  }
}
