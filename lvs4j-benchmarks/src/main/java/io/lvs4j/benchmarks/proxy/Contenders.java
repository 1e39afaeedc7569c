package io.lvs4j.benchmarks.proxy;

import io.lvs4j.benchmarks.proxy.Contender.Running;
import io.lvs4j.lab.peer.HAProxy;
import io.lvs4j.lab.peer.Jvm;
import io.lvs4j.lab.peer.Nginx;
import io.lvs4j.lab.peer.ProxiedPort;
import io.lvs4j.lab.peer.RunningProcess;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The contenders that this host can run. */
final class Contenders {
  private Contenders() {}

  /** Returns the client's own way to one of the backends, for comparison. */
  static Contender direct(Nginx nginx) {
    return new Contender(
        "direct",
        nginx.version(),
        (workspace, backends) ->
            new Running(
                "direct",
                "no proxy, the first backend only",
                backends.web().getFirst(),
                backends.bulk(),
                Optional.empty(),
                Optional.empty()));
  }

  /** Returns lvs4j's proxy data plane with its defaults, in a JVM of its own. */
  static Contender lvs4j(List<String> jvm) {
    String version = Runtime.version().toString();
    String arguments = jvm.isEmpty() ? "no arguments" : String.join(" ", jvm);
    return new Contender(
        "lvs4j",
        "on Java " + version + ", " + arguments,
        (workspace, backends) -> {
          var ports = backends.proxied();
          var command =
              Jvm.command(
                  jvm,
                  Lvs4jProcess.class.getName(),
                  ports.stream().map(Contenders::argument).toList());
          var process = workspace.start("lvs4j", command);
          String line = process.line();
          if (!line.equals(Lvs4jProcess.READY)) {
            throw new IllegalStateException(
                "lvs4j: " + line + " (expected: " + Lvs4jProcess.READY + ")");
          }
          return new Running(
              "lvs4j",
              "ProxyDataPlane.builder().build(), round robin",
              ports.getFirst().port(),
              ports.getLast().port(),
              Optional.of(process),
              Optional.of(() -> Long.parseLong(process.ask(Lvs4jProcess.HEAP))));
        });
  }

  private static String argument(ProxiedPort port) {
    return port.backends().stream()
        .map(String::valueOf)
        .collect(Collectors.joining(",", port.port() + "=", ""));
  }

  /** Returns HAProxy in TCP mode, a thread for each core. */
  static Optional<Contender> haproxy() {
    return HAProxy.find()
        .map(haproxy ->
            new Contender(
                "HAProxy",
                haproxy.version(),
                (workspace, backends) -> {
                  var ports = backends.proxied();
                  int threads = Runtime.getRuntime().availableProcessors();
                  var configuration = HAProxy.configuration(ports, threads, backends.files());
                  var process = haproxy.start(workspace, "haproxy", configuration);
                  return running("HAProxy", configuration, ports, process);
                }));
  }

  /** Returns nginx's stream module, a worker and a listening socket for each core. */
  static Optional<Contender> nginxStream(Nginx nginx) {
    return Optional.of(nginx)
        .filter(Nginx::hasStream)
        .map(stream ->
            new Contender(
                "nginx stream",
                stream.version(),
                (workspace, backends) -> {
                  var ports = backends.proxied();
                  var configuration = stream.streamConfiguration(ports, backends.files());
                  var process = stream.start(workspace, "nginx-stream", configuration);
                  return running("nginx stream", configuration, ports, process);
                }));
  }

  private static Running running(
      String name, String configuration, List<ProxiedPort> ports, RunningProcess process) {
    int web = ports.getFirst().port();
    process.awaitListening(web);
    return new Running(
        name, configuration, web, ports.getLast().port(), Optional.of(process), Optional.empty());
  }
}
