package io.lvs4j.health.probe;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.IcmpEcho;
import io.lvs4j.api.Problem;
import io.lvs4j.api.host.EchoChannel;
import io.lvs4j.api.host.EchoProvider;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Who sends ICMP echo requests for PING_CHECK: found on the class path, opened when needed. */
public final class Echoes implements AutoCloseable {
  private @Nullable EchoChannel channel;

  Echoes() {}

  private static Optional<EchoProvider> provider() {
    return ServiceLoader.load(EchoProvider.class).findFirst();
  }

  /** Returns what keeps checks of a real server from being made on this host, with the remedy. */
  public static List<Problem> obstacles(Endpoint target, List<HealthCheck> checks) {
    return checks.stream()
        .filter(check -> check.probe() instanceof IcmpEcho)
        .map(check -> AddressFamily.of(check.endpointOf(target).address()))
        .distinct()
        .flatMap(family -> obstacles(family).stream())
        .map(problem -> problem.within("health check PING_CHECK"))
        .toList();
  }

  private static List<Problem> obstacles(AddressFamily family) {
    return provider()
        .map(each -> each.obstacles(family))
        .orElseGet(() ->
            List.of(
                new Problem("ICMP echo", "nobody to send it", "lvs4j-linux on the class path")));
  }

  /** Returns the channel; it is opened at the first call. */
  synchronized EchoChannel channel() {
    if (channel == null) {
      channel =
          provider()
              .orElseThrow(() -> new IllegalStateException("no EchoProvider on the class path"))
              .open();
    }
    return channel;
  }

  @Override
  public synchronized void close() {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
