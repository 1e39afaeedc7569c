package io.lvs4j.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A reader that doesn't keep up stops the sender, not the memory. */
class BackPressureTest {
  private static final int REPLY = 40_000_000;

  @EveryTransport
  void aReaderThatStopsHoldsUpTheSenderAndLittleMemory(Transport transport) throws Exception {
    try (var front = Front.tcp(transport, socket -> send(socket, REPLY))) {
      long before = direct();
      int readers = 5;
      var clients = new Socket[readers];
      for (int i = 0; i < readers; i++) {
        clients[i] = front.connect();
      }

      awaitStandstill(front);

      // A connection holds one read at most with epoll, and with channels the high watermark and
      // one read beyond it. The allocator takes memory by the chunk.
      assertThat(direct() - before).isLessThan(readers * 512L * 1024 + (8 << 20));
      for (var client : clients) {
        assertThat(client.getInputStream().readNBytes(REPLY)).hasSize(REPLY);
        client.close();
      }
      front.awaitNoConnections();
    }
  }

  @EveryTransport
  void aReaderAt10KilobytesASecondOfAGigabyteGrowsNoMemory(Transport transport) throws Exception {
    try (var front = Front.tcp(transport, socket -> send(socket, 1 << 30))) {
      long direct = direct();
      long heap = heap();
      try (var client = front.connect()) {
        var read = new AtomicInteger();
        await()
            .pollInterval(Duration.ofMillis(100))
            .atMost(Duration.ofSeconds(30))
            .until(
                () -> read.addAndGet(client.getInputStream().readNBytes(1_000).length) == 40_000);

        assertThat(direct() - direct).as("direct memory").isLessThan(512 * 1024 + (8 << 20));
        assertThat(heap() - heap).as("heap").isLessThan(4 << 20);
      }
      front.awaitNoConnections();
    }
  }

  private static void send(Socket socket, int bytes) throws IOException {
    byte[] chunk = new byte[64 * 1024];
    for (int left = bytes; left > 0; left -= chunk.length) {
      socket.getOutputStream().write(chunk, 0, Math.min(left, chunk.length));
    }
  }

  private static long heap() {
    var memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }

  private static long direct() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  /** Waits until there is a connection and none has moved a byte for a while. */
  static void awaitStandstill(Front front) {
    var last = new AtomicReference<List<Long>>(List.of());
    await()
        .pollInterval(Duration.ofMillis(300))
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          var now =
              front.plane.connections().stream().map(BackPressureTest::moved).sorted().toList();
          return !now.isEmpty() && !now.contains(0L) && now.equals(last.getAndSet(now));
        });
  }

  private static long moved(ConnectionSnapshot connection) {
    return connection.inBytes() + connection.outBytes();
  }
}
