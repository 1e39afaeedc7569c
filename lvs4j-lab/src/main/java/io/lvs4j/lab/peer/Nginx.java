package io.lvs4j.lab.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The nginx web server: as a real server that answers HTTP, and as a proxy for TCP. */
public final class Nginx {
  private static final Pattern MODULES_PATH = Pattern.compile("--modules-path=(\\S+)");
  private static final Pattern BUILT_IN_STREAM = Pattern.compile("--with-stream(\\s|$)");

  private final Program program;

  private Nginx(Program program) {
    this.program = program;
  }

  /** Returns nginx if it is installed. */
  public static Optional<Nginx> find() {
    return Program.find("nginx").map(Nginx::new);
  }

  /** Returns its version as it words it. */
  public String version() {
    return program.version("-v");
  }

  /**
   * Starts a real server: one process, which answers every request with this name in the header
   * {@code X-Server} and keeps connections for as long as clients do.
   *
   * @param connections how many it can have at a time
   * @param bodyBytes the length of each reply's body
   */
  public RunningProcess realServer(
      Workspace workspace, String name, int port, int connections, int bodyBytes) {
    var process =
        start(
            workspace,
            name,
            """
            daemon off;
            # One process: killing it leaves no worker that answers on.
            master_process off;
            worker_rlimit_nofile %2$d;
            pid nginx.pid;
            error_log error.log crit;
            events {
              worker_connections %2$d;
            }
            http {
              access_log off;
              client_body_temp_path body;
              proxy_temp_path proxy;
              fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi;
              scgi_temp_path scgi;
              keepalive_timeout 1h;
              keepalive_requests 1000000000;
              server {
                listen 127.0.0.1:%1$d backlog=4096;
                location / {
                  add_header X-Server %3$s;
                  default_type text/plain;
                  return 200 "%4$s";
                }
              }
            }
            """
                .formatted(port, connections, name, "x".repeat(bodyBytes)));
    return process.awaitListening(port);
  }

  /** Returns what to load for the stream module: nothing if built in, empty if there is none. */
  private Optional<String> streamModule() {
    String build = program.answer("-V");
    if (BUILT_IN_STREAM.matcher(build).find()) {
      return Optional.of("");
    }
    var modules = MODULES_PATH.matcher(build);
    return Optional.of(modules)
        .filter(matcher -> matcher.find())
        .map(matcher -> Path.of(matcher.group(1), "ngx_stream_module.so"))
        .filter(Files::isReadable)
        .map(module -> "load_module " + module + ";");
  }

  /** Says whether it can proxy TCP. */
  public boolean hasStream() {
    return streamModule().isPresent();
  }

  /** Returns the configuration of a proxy for TCP with one listening socket a worker. */
  public String streamConfiguration(List<ProxiedPort> ports, int files) {
    var blocks = new StringBuilder();
    for (ProxiedPort port : ports) {
      blocks.append(
          """
            upstream %1$s {
          %2$s  }
            server {
              listen 127.0.0.1:%3$d reuseport backlog=4096;
              proxy_connect_timeout 5s;
              proxy_timeout 15m;
              proxy_pass %1$s;
            }
          """
              .formatted(
                  port.name(),
                  port.backends().stream()
                      .map(backend -> "    server 127.0.0.1:" + backend + ";\n")
                      .collect(Collectors.joining()),
                  port.port()));
    }
    return """
    %1$s
    daemon off;
    worker_processes auto;
    worker_rlimit_nofile %2$d;
    pid nginx.pid;
    error_log error.log crit;
    events {
      worker_connections %2$d;
    }
    stream {
    %3$s}
    """
        .formatted(
            streamModule()
                .orElseThrow(() ->
                    new IllegalStateException(
                        program.path() + ": no stream module (expected: built in or loadable)")),
            files,
            blocks);
  }

  /** Starts nginx with a configuration; its paths are relative to a directory of its own. */
  public RunningProcess start(Workspace workspace, String name, String configuration) {
    Path directory = workspace.directory(name);
    Path file = directory.resolve("nginx.conf");
    try {
      Files.writeString(file, configuration);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " can't be written", e);
    }
    return workspace.start(
        name, program.command("-p", directory.toString(), "-c", file.toString()));
  }
}
