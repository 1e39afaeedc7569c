package io.lvs4j.lab.ipvs;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.RealServer;
import io.lvs4j.core.Director;
import io.lvs4j.ipvs.plane.IpvsDataPlane;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;

/**
 * A director as a program of its own that changes its table a thousand times, for a test that ends
 * it in the middle. It says {@code update N} after each, and never ends by itself.
 */
final class UpdatingDirector {
  private UpdatingDirector() {}

  public static void main(String[] arguments) {
    var web = CrashInKernel.web();
    var director = Director.builder().virtualServer(web).dataPlane(IpvsDataPlane.open()).build();
    director.start();
    var control = director.virtualServer(web);
    for (int i = 1; i <= 1000; i++) {
      var endpoint = new Endpoint(InetAddress.ofLiteral("10.77.9." + (1 + i % 200)), 80);
      switch (i % 4) {
        case 0 -> control.add(RealServer.of("10.77.8." + (1 + i / 4 % 250), 80).weight(2));
        case 1 -> director.realServer(web.id(), endpoint).weight(5 + i % 7);
        case 2 -> director.realServer(web.id(), endpoint).weight(0);
        default -> director.realServer(web.id(), endpoint).weight(i);
      }
      System.out.println("update " + i);
    }
    new CompletableFuture<Void>().join();
  }
}
