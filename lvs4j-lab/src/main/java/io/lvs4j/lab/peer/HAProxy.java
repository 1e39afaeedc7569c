package io.lvs4j.lab.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** HAProxy as a proxy for TCP. */
public final class HAProxy {
  private final Program program;

  private HAProxy(Program program) {
    this.program = program;
  }

  /** Returns HAProxy if it is installed. */
  public static Optional<HAProxy> find() {
    return Program.find("haproxy").map(HAProxy::new);
  }

  /** Returns its version as it words it. */
  public String version() {
    return program.version("-v");
  }

  /** Returns the configuration of a proxy for TCP with a thread for each core. */
  public static String configuration(List<ProxiedPort> ports, int threads, int files) {
    var text =
        new StringBuilder(
            """
            global
              nbthread %d
              maxconn %d
            defaults
              mode tcp
              balance roundrobin
              timeout connect 5s
              timeout client 15m
              timeout server 15m
            """
                .formatted(threads, (files - 200) / 2));
    for (ProxiedPort port : ports) {
      text.append("listen %s\n".formatted(port.name()));
      text.append("  bind 127.0.0.1:%d backlog 4096\n".formatted(port.port()));
      for (int backend : port.backends()) {
        text.append("  server s%1$d 127.0.0.1:%1$d\n".formatted(backend));
      }
    }
    return text.toString();
  }

  /** Starts HAProxy with a configuration. */
  public RunningProcess start(Workspace workspace, String name, String configuration) {
    Path file = workspace.directory(name).resolve("haproxy.cfg");
    try {
      Files.writeString(file, configuration);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " can't be written", e);
    }
    return workspace.start(name, program.command("-db", "-f", file.toString()));
  }
}
