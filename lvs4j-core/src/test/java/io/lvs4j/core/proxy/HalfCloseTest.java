package io.lvs4j.core.proxy;

import static io.lvs4j.core.proxy.Peers.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.core.proxy.Peers.End;
import io.lvs4j.core.proxy.Peers.Received;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import java.io.InputStream;
import java.net.Socket;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each direction of a connection ends by itself. */
class HalfCloseTest {
  private static final int REPLY = 50_000_000;

  @EveryTransport
  void a50MegabyteReplyReachesAClientThatHasSentItsFin(Transport transport) throws Exception {
    var sent = new CompletableFuture<byte[]>();
    try (var front =
        Front.tcp(
            transport,
            socket -> {
              assertThat(readAll(socket)).isEqualTo(new Received(100, End.FIN));
              sent.complete(sendNoise(socket, REPLY));
            })) {
      var client = front.connect();
      client.getOutputStream().write(new byte[100]);
      client.shutdownOutput();

      var received = MessageDigest.getInstance("SHA-256");
      long count = drain(new DigestInputStream(client.getInputStream(), received));

      assertThat(count).isEqualTo(REPLY);
      assertThat(received.digest()).isEqualTo(sent.get(10, TimeUnit.SECONDS));
      front.awaitNoConnections();
    }
  }

  // Not io_uring, which now and then never reports POLLOUT here: see Transport.
  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"EPOLL", "NIO"})
  void aServerThatHasSentItsFinStillReceivesAnUpload(Transport transport) throws Exception {
    var received = new CompletableFuture<byte[]>();
    try (var front =
        Front.tcp(
            transport,
            socket -> {
              socket.getOutputStream().write(new byte[100]);
              socket.shutdownOutput();
              var digest = MessageDigest.getInstance("SHA-256");
              drain(new DigestInputStream(socket.getInputStream(), digest));
              received.complete(digest.digest());
            })) {
      var client = front.connect();
      assertThat(readAll(client)).isEqualTo(new Received(100, End.FIN));

      byte[] sent = sendNoise(client, REPLY);
      client.shutdownOutput();

      assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(sent);
      front.awaitNoConnections();
    }
  }

  @EveryTransport
  void bytesAndFinThatAreThereBeforeTheServerAnswersAllArrive(Transport transport)
      throws Exception {
    var random = Seed.random();
    try (var front =
        Front.tcp(
            transport,
            socket -> {
              long count = readAll(socket).bytes();
              socket.getOutputStream().write(Long.toString(count).getBytes());
            })) {
      for (int i = 0; i < 200; i++) {
        int size = i % 4 == 0 ? 0 : random.nextInt(65_537);
        try (var client = front.connect()) {
          client.getOutputStream().write(new byte[size]);
          client.shutdownOutput();
          String count = new String(client.getInputStream().readAllBytes());
          assertThat(count).as("%d bytes, %s", size, Seed.hint()).isEqualTo(Integer.toString(size));
        }
      }
      front.awaitNoConnections();
    }
  }

  /** Sends random bytes and returns their digest. */
  private static byte[] sendNoise(Socket socket, int size) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    var out = new DigestOutputStream(socket.getOutputStream(), digest);
    var noise = new byte[64 * 1024];
    var random = new SplittableRandom(Seed.VALUE);
    for (int left = size; left > 0; left -= noise.length) {
      random.nextBytes(noise);
      out.write(noise, 0, Math.min(left, noise.length));
    }
    return digest.digest();
  }

  private static long drain(InputStream in) throws Exception {
    return in.transferTo(java.io.OutputStream.nullOutputStream());
  }
}
