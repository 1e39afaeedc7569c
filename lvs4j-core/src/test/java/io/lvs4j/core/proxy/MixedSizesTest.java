package io.lvs4j.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/** Many connections of all sizes at once, each of whose bytes are accounted for. */
class MixedSizesTest {
  private static final int CONNECTIONS = 1000;

  /** What one client sends and wants, and whether it ends its side before it reads. */
  private record Exchange(long seed, int request, int reply, boolean halfCloses) {
    static Exchange random(SplittableRandom random) {
      return new Exchange(random.nextLong(), size(random), size(random), random.nextInt(4) != 0);
    }

    private static int size(SplittableRandom random) {
      return random.nextInt(
          switch (random.nextInt(64)) {
            case 0 -> 4_000_000;
            case 1, 2, 3, 4, 5, 6, 7, 8 -> 200_000;
            default -> random.nextBoolean() ? 10_000 : 100;
          });
    }
  }

  @EveryTransport
  void everyByteOf1000ParallelExchangesArrives(Transport transport) throws Exception {
    try (var front = Front.tcp(transport, MixedSizesTest::serve);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var random = Seed.random();
      var exchanges = new ArrayList<Future<?>>();
      for (int i = 0; i < CONNECTIONS; i++) {
        var exchange = Exchange.random(random);
        Callable<?> run =
            () -> {
              try (var socket = front.connect()) {
                hold(exchange, socket);
              }
              return exchange;
            };
        exchanges.add(threads.submit(run));
      }
      for (var exchange : exchanges) {
        exchange.get(60, TimeUnit.SECONDS);
      }
      front.awaitNoConnections();
    } catch (Exception e) {
      throw new AssertionError(Seed.hint(), e);
    }
  }

  // Header: seed, request length, reply length. Then the request. The server answers with its
  // checksum of the request, the reply, and the client's half-close doesn't matter to it.
  private static void hold(Exchange exchange, Socket socket) throws Exception {
    var requestSum = new CRC32C();
    var out = new DataOutputStream(new CheckedOutputStream(socket.getOutputStream(), new CRC32C()));
    out.writeLong(exchange.seed);
    out.writeInt(exchange.request);
    out.writeInt(exchange.reply);
    send(out, exchange.seed, exchange.request, requestSum);
    out.flush();
    if (exchange.halfCloses) {
      socket.shutdownOutput();
    }
    var in = new DataInputStream(socket.getInputStream());
    assertThat(in.readLong()).as("checksum of %s", exchange).isEqualTo(requestSum.getValue());
    var replySum = new CRC32C();
    var checked = new CheckedInputStream(in, replySum);
    checked.skipNBytes(exchange.reply);
    assertThat(replySum.getValue())
        .as("reply to %s", exchange)
        .isEqualTo(sum(~exchange.seed, exchange.reply));
    if (exchange.halfCloses) {
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  private static void serve(Socket socket) throws Exception {
    var in = new DataInputStream(socket.getInputStream());
    long seed = in.readLong();
    int request = in.readInt();
    int reply = in.readInt();
    var sum = new CRC32C();
    new CheckedInputStream(in, sum).skipNBytes(request);
    var out = new DataOutputStream(socket.getOutputStream());
    out.writeLong(sum.getValue());
    send(out, ~seed, reply, new CRC32C());
    out.flush();
  }

  private static void send(DataOutputStream out, long seed, int size, CRC32C sum) throws Exception {
    var random = new SplittableRandom(seed);
    byte[] chunk = new byte[32 * 1024];
    for (int left = size; left > 0; left -= chunk.length) {
      random.nextBytes(chunk);
      int count = Math.min(left, chunk.length);
      out.write(chunk, 0, count);
      sum.update(chunk, 0, count);
    }
  }

  private static long sum(long seed, int size) throws Exception {
    var sum = new CRC32C();
    send(new DataOutputStream(java.io.OutputStream.nullOutputStream()), seed, size, sum);
    return sum.getValue();
  }
}
