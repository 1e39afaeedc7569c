package io.lvs4j.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The gRPC health checking protocol: the real server is well when {@code
 * grpc.health.v1.Health/Check} answers SERVING. Each attempt makes a connection of its own, HTTP/2
 * without an upgrade.
 *
 * @param service which of the server's services is asked for; empty for the server as a whole
 * @param tls how TLS is spoken, if at all
 * @param authority the name that is asked for ({@code :authority}); without it the address and port
 */
public record GrpcHealth(String service, Optional<Tls> tls, Optional<String> authority)
    implements Probe {
  private static final int LONGEST = 1024;

  public GrpcHealth {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(tls, "tls");
    Objects.requireNonNull(authority, "authority");
  }

  /** Returns the check of a service without TLS, or with an empty name of the whole server. */
  public static GrpcHealth of(String service) {
    return new GrpcHealth(service, Optional.empty(), Optional.empty());
  }

  /** Returns the same over TLS. */
  public GrpcHealth tls(Tls tls) {
    return new GrpcHealth(service, Optional.of(tls), authority);
  }

  /** Returns the same asking for a server of this name, with a port or without. */
  public GrpcHealth authority(String authority) {
    return new GrpcHealth(service, tls, Optional.of(authority));
  }

  @Override
  public String name() {
    return "gRPC health";
  }

  @Override
  public List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    if (service.length() > LONGEST) {
      problems.add(
          new Problem(
              "service", service.length() + " characters", "at most " + LONGEST + " characters"));
    }
    authority
        .filter(name -> !name.matches("[!-~]{1,255}"))
        .ifPresent(name ->
            problems.add(
                new Problem("authority", "\"" + name + "\"", "a host name, perhaps a port")));
    tls.ifPresent(settings -> problems.addAll(settings.problems()));
    return problems;
  }

  @Override
  public String toString() {
    return service.isEmpty() ? name() : name() + " of " + service;
  }
}
