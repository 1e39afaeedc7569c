package io.lvs4j.benchmarks.proxy;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.core.proxy.ProxyDataPlane;
import io.lvs4j.core.scheduler.Schedulers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/**
 * lvs4j's proxy data plane as a program of its own, to be measured as HAProxy and nginx are: in a
 * process where nothing else happens. It ends when its standard input does.
 */
public final class Lvs4jProcess {
  /** What it prints once it listens. */
  static final String READY = "ready";

  /** A line of input that is answered by the bytes of live objects. */
  static final String HEAP = "heap";

  private Lvs4jProcess() {}

  /** Serves on ports of the loopback address, each argument {@code port=backend,backend,...}. */
  public static void main(String[] arguments) throws IOException {
    try (var plane = ProxyDataPlane.builder().build();
        var input =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      for (String argument : arguments) {
        serve(plane, argument);
      }
      System.out.println(READY);
      while (HEAP.equals(input.readLine())) {
        System.out.println(liveBytes());
      }
    }
  }

  private static void serve(DataPlane plane, String argument) {
    int equals = argument.indexOf('=');
    var service =
        VirtualServer.tcp("127.0.0.1", Integer.parseInt(argument.substring(0, equals)))
            .scheduler(Schedulers.roundRobin());
    for (String backend : argument.substring(equals + 1).split(",", -1)) {
      service.realServer("127.0.0.1", Integer.parseInt(backend));
    }
    var definition = service.build();
    var destinations = new ArrayList<Destination>();
    definition
        .realServers()
        .forEach(server -> destinations.add(new Destination(server, server.weight())));
    plane.add(definition, destinations).toCompletableFuture().join();
  }

  private static long liveBytes() {
    var memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
