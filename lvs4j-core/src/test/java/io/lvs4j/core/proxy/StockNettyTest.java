package io.lvs4j.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.ConnectionSnapshot;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.balance.Balancer;
import io.lvs4j.core.balance.Overhead;
import io.lvs4j.core.scheduler.Schedulers;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Why epoll has legs of its own: netty's epoll channels, from 4.2.13 on, cut a long reply to a
 * client that has sent its FIN. When the first test fails, netty has been repaired.
 */
class StockNettyTest {
  private static final int REPLY = 50_000_000;
  private static final int TRIES = 3;

  @Test
  void theSameRelayOverNettysEpollChannelsCutsReplies() throws Exception {
    int cut = 0;
    for (int i = 0; i < TRIES; i++) {
      cut += replyOver(stockEpoll()).bytes() < REPLY ? 1 : 0;
    }
    assertThat(cut).isPositive();
  }

  @Test
  void overBareSocketsRepliesArriveWhole() throws Exception {
    for (int i = 0; i < TRIES; i++) {
      assertThat(replyOver(new EpollTransport()))
          .isEqualTo(new Peers.Received(REPLY, Peers.End.FIN));
    }
  }

  private static ChannelTransport stockEpoll() {
    return new ChannelTransport(
        EpollIoHandler.newFactory(),
        new EpollTransport()::guarded,
        true,
        Duration.ZERO,
        EpollServerSocketChannel::new,
        EpollSocketChannel::new,
        EpollDatagramChannel::new);
  }

  private static Peers.Received replyOver(SocketTransport transport) throws Exception {
    var group = new LoopGroup(1, transport);
    var shared = new ProxyLoop.Shared(1, new DirectMemory(1), new UdpSessions(16), new Shortage());
    var loop =
        new ProxyLoop((LoopGroup.Loop) group.next(), transport, shared, new SplittableRandom());
    try (var server = new Peers.Server(StockNettyTest::reply);
        var clients = new Peers.Clients()) {
      var definition =
          VirtualServer.tcp("127.0.0.1", Peers.freePort())
              .scheduler(Schedulers.roundRobin())
              .build();
      var balancer =
          new Balancer(
              definition,
              List.of(Front.destination(server.address())),
              Overhead.CLASSIC,
              System::nanoTime);
      var service =
          new TcpService(
              definition,
              balancer,
              System::nanoTime,
              (_, _, _, _) -> {},
              new Hops(),
              List.of(loop),
              transport);
      service.open().toCompletableFuture().get(10, TimeUnit.SECONDS);
      var client = clients.connect(Service.address(definition).endpoint().toSocketAddress());
      client.getOutputStream().write(1);
      client.shutdownOutput();
      awaitStandstill(loop);
      return Peers.readAll(client);
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
      loop.free();
    }
  }

  /** Waits until the client's buffers are full, or the connection is gone. */
  private static void awaitStandstill(ProxyLoop loop) {
    var last = new AtomicLong();
    await()
        .pollInterval(Duration.ofMillis(100))
        .until(() -> {
          long now =
              loop.open().stream()
                  .map(Relay::snapshot)
                  .filter(Objects::nonNull)
                  .mapToLong(ConnectionSnapshot::outBytes)
                  .sum();
          return loop.open().isEmpty() || (now > 0 && now == last.getAndSet(now));
        });
  }

  private static void reply(Socket socket) throws Exception {
    assertThat(socket.getInputStream().readAllBytes()).hasSize(1);
    socket.getOutputStream().write(new byte[REPLY]);
  }
}
