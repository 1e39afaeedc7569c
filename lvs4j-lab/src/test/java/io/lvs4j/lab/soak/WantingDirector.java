package io.lvs4j.lab.soak;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.loop.LoopSnapshot;
import io.lvs4j.core.Director;
import io.lvs4j.core.proxy.ProxyDataPlane;
import io.lvs4j.core.proxy.ProxyDataPlane.Transport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A director as a program embeds it, in a process that is in want of something. It tells how it is
 * for each line of its standard input.
 */
final class WantingDirector {
  private WantingDirector() {}

  /**
   * Serves until its input ends.
   *
   * @param arguments the transport; ports of a TCP virtual server, of one that takes PROXY headers,
   *     of one in front of a server that streams, and of a UDP virtual server; ports of an echoing
   *     server, of the one that streams, and of one that echoes datagrams
   */
  public static void main(String[] arguments) throws IOException {
    var plane =
        ProxyDataPlane.builder().transport(Transport.valueOf(arguments[0])).eventLoops(2).build();
    var echo = port(arguments, 5);
    var connectTimeout = Duration.ofSeconds(2);
    try (var director =
        Director.builder()
            .dataPlane(plane)
            .virtualServer(
                VirtualServer.tcp("127.0.0.1", port(arguments, 1))
                    .connectTimeout(connectTimeout)
                    .realServer("127.0.0.1", echo)
                    .build())
            .virtualServer(
                VirtualServer.tcp("127.0.0.1", port(arguments, 2))
                    .connectTimeout(connectTimeout)
                    .acceptProxyProtocol()
                    .realServer("127.0.0.1", echo)
                    .build())
            .virtualServer(
                VirtualServer.tcp("127.0.0.1", port(arguments, 3))
                    .connectTimeout(connectTimeout)
                    .realServer("127.0.0.1", port(arguments, 6))
                    .build())
            .virtualServer(
                VirtualServer.udp("127.0.0.1", port(arguments, 4))
                    .realServer("127.0.0.1", port(arguments, 7))
                    .build())
            .build()) {
      director.start();
      var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
      while (in.readLine() != null) {
        System.out.println(state(director));
      }
    }
  }

  private static int port(String[] arguments, int index) {
    return Integer.parseInt(arguments[index]);
  }

  private static String state(Director director) {
    var snapshot = director.snapshot();
    boolean alive = snapshot.loops().stream().allMatch(LoopSnapshot::alive);
    return "running="
        + director.isRunning()
        + " loops="
        + (alive ? "alive" : snapshot.loops())
        + " connections="
        + director.connections().size();
  }
}
