package io.lvs4j.lab.vrrp;

import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.StartException;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpListener;
import io.lvs4j.vrrp.router.VrrpRouter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * lvs4j's VRRP router as a program of its own, in the network namespace that it is started in. Each
 * argument is an instance. Events go to standard error, a line each; every line of standard input
 * is answered by the snapshots of all instances, on one line. It ends with its standard input.
 *
 * <p>Exit status 2: bad configuration; 3: the host lacks something.
 */
public final class StandaloneRouter {
  private StandaloneRouter() {}

  /** Runs the router. */
  public static void main(String[] arguments) throws IOException {
    var builder =
        VrrpRouter.builder()
            .listener(
                new VrrpListener() {
                  @Override
                  public void onEvent(VrrpEvent event) {
                    System.err.println(Instant.now() + " " + event);
                  }
                });
    try {
      List.of(arguments).forEach(argument -> builder.instance(InstanceText.read(argument)));
      run(builder.build());
    } catch (InvalidConfigurationException e) {
      end(2, e);
    } catch (StartException e) {
      end(3, e);
    }
  }

  private static void run(VrrpRouter router) throws IOException {
    Runtime.getRuntime().addShutdownHook(new Thread(router::close, "router-exit"));
    router.start();
    System.err.println(Instant.now() + " started");
    try (var input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      while (input.readLine() != null) {
        System.out.println(router.snapshot());
      }
    }
    System.exit(0);
  }

  private static void end(int status, Exception reason) {
    System.err.println(reason.getMessage());
    System.exit(status);
  }
}
