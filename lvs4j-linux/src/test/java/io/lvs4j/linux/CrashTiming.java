package io.lvs4j.linux;

import static io.lvs4j.linux.TwoHosts.in;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.linux.kernel.NetworkNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * For how long an address still answers a neighbour after its process was killed with SIGKILL. A
 * measurement, run by name only: {@code mvn test -pl lvs4j-linux -Dtest=CrashTiming}, with {@code
 * -Dlvs4j.runs=20} for another number of runs. The neighbour sends a datagram a millisecond to the
 * address; what counts is when the last one was sent that was answered.
 */
class CrashTiming {
  private static final int RUNS = Integer.getInteger("lvs4j.runs", 20);
  private static final Duration LIFETIME = Duration.ofSeconds(3);
  private static final Duration SILENCE = Duration.ofSeconds(1);

  @ParameterizedTest
  @CsvSource({
    "PROCESS_DEVICE, 10.77.0.100, 24",
    "REFRESHED_LIFETIME, 10.77.0.100, 24",
    "AUTOMATIC, 2001:db8:77::100, 128"
  })
  void untilTheAddressIsGone(AddressMechanism mechanism, String literal, int prefixLength)
      throws Exception {
    assumeTrue(TwoHosts.obstacle().isEmpty(), TwoHosts.obstacle());
    var millis = new double[RUNS];
    try (var hosts = TwoHosts.connect();
        var server = in(hosts.here(), DatagramSocket::new)) {
      Thread.ofPlatform().daemon().start(() -> echo(server));
      for (int run = 0; run < RUNS; run++) {
        var holder = AddressHolder.start(hosts.here(), mechanism, literal, prefixLength, LIFETIME);
        try {
          millis[run] = answering(hosts.there(), literal, server.getLocalPort(), holder) / 1e6;
        } finally {
          holder.destroyForcibly().waitFor();
        }
      }
    }
    Arrays.sort(millis);
    System.out.printf(
        "%s %s: min %.1f, median %.1f, max %.1f ms after kill -9, %d runs%n",
        mechanism,
        literal,
        millis[0],
        (millis[(RUNS - 1) / 2] + millis[RUNS / 2]) / 2,
        millis[RUNS - 1],
        RUNS);
  }

  private static long answering(NetworkNamespace host, String literal, int port, Process holder)
      throws Exception {
    try (var socket = in(host, DatagramSocket::new)) {
      return answering(socket, new InetSocketAddress(InetAddress.ofLiteral(literal), port), holder);
    }
  }

  /** Returns the nanoseconds from the kill to the last datagram that is answered. */
  private static long answering(DatagramSocket socket, InetSocketAddress server, Process holder)
      throws IOException {
    socket.setSoTimeout(1);
    var answer = new DatagramPacket(new byte[8], 8);
    long answeredAt = System.nanoTime();
    long killedAt = 0;
    int answers = 0;
    while (killedAt == 0 || System.nanoTime() - answeredAt < SILENCE.toNanos()) {
      if (killedAt == 0 && answers == 500) {
        killedAt = System.nanoTime();
        holder.destroyForcibly();
      }
      try {
        var stamp = ByteBuffer.allocate(8).putLong(System.nanoTime()).array();
        socket.send(new DatagramPacket(stamp, 8, server));
        socket.receive(answer);
        answeredAt = Math.max(answeredAt, ByteBuffer.wrap(answer.getData()).getLong());
        answers++;
      } catch (SocketTimeoutException none) {
        if (killedAt == 0 && System.nanoTime() - answeredAt > 20 * SILENCE.toNanos()) {
          throw new AssertionError("no answer in 20 s", none);
        }
      }
    }
    return Math.max(0, answeredAt - killedAt);
  }

  private static void echo(DatagramSocket server) {
    var packet = new DatagramPacket(new byte[8], 8);
    try {
      while (true) {
        server.receive(packet);
        server.send(packet);
      }
    } catch (SocketException closed) {
      // The measurement is over.
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }
}
