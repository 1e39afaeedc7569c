package io.lvs4j.examples.viponly;

import com.sun.net.httpserver.HttpServer;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.StartException;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.vrrp.router.VrrpRouter;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * A web server on port 8080 and an address that is always at one of the hosts that run it. On each
 * host, with another priority:
 *
 * <pre>{@code
 * mvn -q package -DskipTests -pl lvs4j-examples
 * sudo java --enable-native-access=ALL-UNNAMED \
 *     -cp 'lvs4j-examples/target/classes:lvs4j-examples/target/lib/*' \
 *     io.lvs4j.examples.viponly.VipOnly eth0 192.168.0.200/24 150
 * }</pre>
 *
 * <p>Then ask {@code http://192.168.0.200:8080/} and kill whoever answers. Ends with status 2 for
 * wrong arguments, and 3 where the host or the privileges don't allow it.
 */
public final class VipOnly {
  private static final int PORT = 8080;

  private VipOnly() {}

  /** Runs until killed; the arguments are interface, address and priority. */
  public static void main(String... arguments) throws IOException {
    if (arguments.length != 3 || !arguments[2].matches("\\d{1,3}")) {
      end(2, "usage: VipOnly INTERFACE ADDRESS/PREFIX PRIORITY");
    }
    try {
      run(arguments[0], arguments[1], Integer.parseInt(arguments[2]), System.out);
    } catch (InvalidConfigurationException wrong) {
      end(2, "" + wrong.getMessage());
    } catch (StartException refused) {
      end(3, "" + refused.getMessage());
    }
    serve();
  }

  private static void run(String networkInterface, String address, int priority, PrintStream out) {
    // spotless:off
    // begin README
    var vip = VrrpInstance.builder("VI_1")
        .networkInterface(networkInterface)    // "eth0"
        .virtualRouterId(51)
        .priority(priority)                    // 150 here, 100 on the other host
        .virtualAddress(address)               // "192.168.0.200/24"
        .onMaster(event -> out.println("the address is here: " + event.reason()))
        .onBackup(event -> out.println("the address is elsewhere: " + event.reason()))
        .build();
    var router = VrrpRouter.builder().instance(vip).build();
    Runtime.getRuntime().addShutdownHook(new Thread(router::close));
    router.start();
    // end README
    // spotless:on
  }

  /** The server knows nothing of the address: it listens on all there are, now or later. */
  private static void serve() throws IOException {
    byte[] answer =
        ("answered by process " + ProcessHandle.current().pid() + "\n")
            .getBytes(StandardCharsets.UTF_8);
    var server = HttpServer.create(new InetSocketAddress(PORT), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.start();
  }

  private static void end(int status, String message) {
    System.err.println("vip-only: " + message);
    System.exit(status);
  }
}
