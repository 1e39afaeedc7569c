package io.lvs4j.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process: what it says, how it is asked, and how it ends. */
@Timeout(120)
class RunTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
  private static final Pattern ADMIN = Pattern.compile("admin at (http://[^ ]+)/");

  @TempDir private Path directory;
  private final List<EchoServer> backends = new ArrayList<>();
  private final List<RunProcess> processes = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private int port;

  @BeforeEach
  void findPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
  }

  @AfterEach
  void close() {
    processes.forEach(RunProcess::close);
    backends.forEach(EchoServer::close);
  }

  private RunProcess run(String... arguments) throws IOException {
    var process = RunProcess.start(directory, arguments);
    processes.add(process);
    return process;
  }

  private EchoServer backend(String name) throws IOException {
    var backend = EchoServer.start(name);
    backends.add(backend);
    return backend;
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("k.conf"), text);
  }

  private String server(String scheduler, EchoServer... reals) {
    var text = new StringBuilder("virtual_server 127.0.0.1 " + port + " {\n  protocol TCP\n");
    text.append("  delay_loop 1\n  lb_algo ").append(scheduler).append("\n");
    for (var real : reals) {
      text.append("  real_server 127.0.0.1 ").append(real.port()).append(" {\n");
      text.append("    weight 1\n    TCP_CHECK {\n      connect_timeout 2\n    }\n  }\n");
    }
    return text.append("}\n").toString();
  }

  private String admin(RunProcess process) {
    await().atMost(LONG_ENOUGH).until(() -> ADMIN.matcher(process.errors()).find());
    var found = ADMIN.matcher(process.errors());
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  private String get(String address) throws Exception {
    var answer =
        http.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(address).isEqualTo(200);
    return answer.body();
  }

  private JsonNode status(String admin) throws Exception {
    return new ObjectMapper().readTree(get(admin + "/status"));
  }

  @Test
  void aDirectorFromReadyToItsEnd() throws Exception {
    var one = backend("one");
    var two = backend("two");
    var file = write(server("rr", one, two));
    var run = run("run", file.toString(), "--plane", "proxy", "--admin", "127.0.0.1:0");
    var admin = admin(run);

    assertThat(run.lines().getFirst()).isEqualTo("lvs4j ready");
    assertThat(run.lines()).anyMatch(line -> line.contains("data plane proxy: asked for"));

    try (var client = new Client(port)) {
      var first = client.ask("a");
      assertThat(List.of("one a", "two a")).contains(first);
      shows(admin);
      reloads(run, admin, file, one, two);
      assertThat(client.ask("b")).as("the connection lives").isEqualTo(first.replace(" a", " b"));
      keepsTheOldOne(run, admin, file);
      assertThat(client.ask("c")).isEqualTo(first.replace(" a", " c"));
    }
    assertThat(run.end("TERM")).as(run.errors()).isZero();
    assertThat(run.lines().getLast()).endsWith("left");
  }

  @Test
  void scriptsHearOfTheQuorumOfEachStart() throws Exception {
    var told = directory.resolve("told");
    var script =
        Files.writeString(directory.resolve("tell"), "#!/bin/sh\necho $1 >> " + told + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    var one = backend("one");
    var tell = "  quorum_up \"" + script + " %s\"\n  delay_loop 1";
    var first = server("rr", one).replace("  delay_loop 1", tell.formatted("first"));
    var other = server("rr", one).replace("  delay_loop 1", tell.formatted("second"));
    var file = write(first);
    var run = run("run", file.toString(), "--plane", "proxy");
    await().atMost(LONG_ENOUGH).until(() -> Files.exists(told));

    run.signal("HUP");
    await().atMost(LONG_ENOUGH).until(() -> run.errors().contains("0 added, 0 removed, 0 changed"));
    findPort();
    Files.writeString(file, first + other.replaceFirst("127.0.0.1 \\d+", "127.0.0.1 " + port));
    run.signal("HUP");
    await().atMost(LONG_ENOUGH).until(() -> run.errors().contains("1 added, 0 removed, 0 changed"));
    await().atMost(LONG_ENOUGH).untilAsserted(() -> assertThat(told).hasContent("first\nsecond\n"));
    assertThat(run.end("TERM")).as(run.errors()).isZero();
  }

  private void shows(String admin) throws Exception {
    var server = status(admin).path("virtualServers").path(0);
    assertThat(server.path("address").asText()).isEqualTo("127.0.0.1:" + port);
    assertThat(server.path("protocol").asText()).isEqualTo("TCP");
    assertThat(server.path("forwarding").asText()).isEqualTo("NAT");
    assertThat(server.path("scheduler").asText()).isEqualTo("rr");
    assertThat(server.path("plane").asText()).isEqualTo("proxy");
    assertThat(server.path("quorum").asText()).isEqualTo("UP");
    assertThat(server.path("sorryServerActive").asBoolean(true)).isFalse();
    assertThat(server.path("realServers")).hasSize(2);
    var real = server.path("realServers").path(0);
    assertThat(real.path("weight").asInt()).isOne();
    assertThat(real.path("effectiveWeight").asInt()).isOne();
    assertThat(real.path("up").asBoolean()).isTrue();
    assertThat(real.path("ejected").asBoolean(true)).isFalse();
    assertThat(real.has("active") && real.has("inactive") && real.has("connections")).isTrue();
    assertThat(status(admin).path("vrrp").isArray()).isTrue();
    assertThat(get(admin + "/ipvs")).contains("TCP  127.0.0.1:" + port + " rr");
    assertThat(get(admin + "/metrics"))
        .contains("lvs4j_real_server_up{")
        .contains("lvs4j_virtual_server_quorum{");
    assertThat(get(admin + "/")).contains("<!DOCTYPE html>").contains("127.0.0.1:" + port);
    assertThat(answer("GET", admin + "/nothing")).isEqualTo(404);
    assertThat(answer("POST", admin + "/status")).isEqualTo(405);
    assertThat(answer("HEAD", admin + "/status")).isEqualTo(200);
  }

  private int answer(String method, String address) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create(address))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  private void reloads(RunProcess run, String admin, Path file, EchoServer one, EchoServer two)
      throws Exception {
    var three = backend("three");
    Files.writeString(file, server("wrr", one, two, three).replace("weight 1", "weight 5"));
    run.signal("HUP");
    await()
        .atMost(LONG_ENOUGH)
        .until(() -> run.errors().contains("virtual servers: 0 added, 0 removed, 1 changed"));
    var server = status(admin).path("virtualServers").path(0);
    assertThat(server.path("scheduler").asText()).isEqualTo("wrr");
    assertThat(server.path("realServers")).hasSize(3);
    assertThat(server.path("realServers").path(0).path("weight").asInt()).isEqualTo(5);
  }

  private void keepsTheOldOne(RunProcess run, String admin, Path file) throws Exception {
    Files.writeString(file, "virtual_server 127.0.0.1 {\n");
    run.signal("HUP");
    await().atMost(LONG_ENOUGH).until(() -> run.errors().contains("not reloaded"));
    assertThat(status(admin).path("virtualServers").path(0).path("realServers")).hasSize(3);
  }

  @Test
  void aSecondSignalCutsWhatIsStillOpen() throws Exception {
    var one = backend("one");
    var run = run("run", write(server("rr", one)).toString(), "--plane=proxy", "--drain=3600");
    await().atMost(LONG_ENOUGH).until(() -> run.errors().startsWith("lvs4j ready"));
    try (var client = new Client(port)) {
      assertThat(client.ask("a")).isEqualTo("one a");
      run.signal("INT");
      await().atMost(LONG_ENOUGH).until(() -> run.errors().contains("leaving"));
      assertThat(client.ask("b")).as("it may end its work").isEqualTo("one b");

      assertThat(run.end("TERM")).isZero();
      assertThat(run.errors()).contains("cut: a second signal");
    }
  }

  @Test
  void aCheckTellsEveryProblemAndWhetherItWouldRun() throws Exception {
    var good = run("run", write(server("rr", backend("one"))).toString(), "--check");
    assertThat(good.ended()).as(good.errors()).isZero();
    assertThat(good.output()).contains("would run: 0 VRRP instances, 1 virtual server");

    var bad =
        run(
            "run",
            write("vrrp_instance A {\n  interfac eth0\n  virtual_router_id 300\n}\n").toString(),
            "--check");
    assertThat(bad.ended()).isOne();
    assertThat(bad.errors())
        .contains("k.conf:2:3: unknown keyword 'interfac' in vrrp_instance")
        .contains("k.conf:3:21: virtual_router_id: '300' (expected: 1-255)")
        .contains("nothing to run");
    assertThat(bad.lines()).allMatch(line -> !line.isBlank());

    var warned = write(server("rr", backends.getFirst()).replace("  protocol TCP\n", ""));
    assertThat(run("run", warned.toString(), "--check").ended()).isZero();
    assertThat(run("run", warned.toString(), "--check", "--strict").ended()).isOne();
  }

  @Test
  void aCheckFailsWhereSomethingThatIsAskedForIsLeftOut() throws Exception {
    var lines =
        List.of(
            "  virtual_routes {\n    10.9.0.0/16 via 10.0.0.9\n  }",
            "  track_process {\n    nginx\n  }",
            "  track_bfd {\n    B\n  }",
            "  use_vmac",
            "  no_accept",
            "  advert_int soon",
            "}\nstatic_routes {\n  10.9.0.0/16 via 10.0.0.9");
    for (var line : lines) {
      var text = INSTANCE.substring(0, INSTANCE.lastIndexOf('}')) + line + "\n}\n";
      var checked = run("run", write(text).toString(), "--check", "--vrrp");
      assertThat(checked.ended()).as(line).isOne();
      assertThat(checked.errors()).as(line).contains(" error ").containsPattern("k.conf:[78]:");
      assertThat(checked.output()).as(line).contains("would not run as it is meant");
    }
    var whole = run("run", write(INSTANCE).toString(), "--check", "--vrrp");
    assertThat(whole.ended()).as(whole.errors()).isZero();

    // keepalived doesn't know it either, and serves the rest.
    var text = INSTANCE.substring(0, INSTANCE.lastIndexOf('}')) + "  nosuchword 1\n}\n";
    var unknown = run("run", write(text).toString(), "--check", "--vrrp");
    assertThat(unknown.ended()).as(unknown.errors()).isZero();
    assertThat(unknown.errors()).contains("unknown keyword 'nosuchword'");
    assertThat(run("run", write(text).toString(), "--check", "--vrrp", "--strict").ended()).isOne();
  }

  @Test
  void aReloadThatNewlyLeavesSomethingOutIsRefused() throws Exception {
    var one = backend("one");
    var old = server("rr", one) + "static_routes {\n}\n";
    var file = write(old);
    var run = run("run", file.toString(), "--plane", "proxy", "--admin", "127.0.0.1:0");
    var admin = admin(run);
    var worse =
        List.of(
            server("wrrr", one),
            old.replace("  delay_loop 1\n", "  delay_lop 1\n"),
            old.replace("  delay_loop 1\n", "  delay_loop often\n"),
            old + INSTANCE.replace("}\n}", "}\n virtual_routes {\n}\n}"),
            old + "static_routes {\n}\n");
    for (int i = 0; i < worse.size(); i++) {
      write(worse.get(i));
      run.signal("HUP");
      int refused = i + 1;
      await()
          .atMost(LONG_ENOUGH)
          .until(() -> run.errors().split("not reloaded", -1).length > refused);
      var server = status(admin).path("virtualServers").path(0);
      assertThat(server.path("scheduler").asText()).isEqualTo("rr");
      assertThat(status(admin).path("vrrp")).isEmpty();
    }
    assertThat(run.errors()).doesNotContain("reloaded " + file);

    write(old.replace("lb_algo rr", "lb_algo wrr"));
    run.signal("HUP");
    await().atMost(LONG_ENOUGH).until(() -> run.errors().contains("reloaded " + file));
    assertThat(run.end("TERM")).as(run.errors()).isZero();
  }

  @Test
  void aSignalIsHeardWhileAFileIsReadThatDoesNotAnswer() throws Exception {
    var file = write(server("rr", backend("one")));
    var run = run("run", file.toString(), "--plane", "proxy");
    await().atMost(LONG_ENOUGH).until(() -> run.errors().contains("lvs4j ready"));
    // While another process has a lease of a file, the kernel lets nobody else open it.
    var lease =
        Files.writeString(
            directory.resolve("lease.py"),
            """
            import fcntl, os, signal, sys, time
            signal.signal(signal.SIGIO, lambda *a: None)
            f = os.open(sys.argv[1], os.O_RDWR)
            fcntl.fcntl(f, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            print('leased', flush=True)
            time.sleep(100)
            """);
    var holder = new ProcessBuilder("python3", lease.toString(), file.toString());
    assumeThat(Files.exists(Path.of("/usr/bin/python3"))).as("python3").isTrue();
    var holding = holder.redirectErrorStream(true).start();
    try (var said = holding.inputReader(UTF_8)) {
      assumeThat(said.readLine()).as("a lease of a file").isEqualTo("leased");
      run.signal("HUP");
      await()
          .atMost(LONG_ENOUGH)
          .until(() -> Files.readString(Path.of("/proc/locks")).contains("BREAKING"));

      assertThat(run.end("TERM")).as(run.errors()).isZero();
      assertThat(holding.isAlive()).as("the file can't be opened yet").isTrue();
      assertThat(run.lines().getLast()).endsWith("left");
    } finally {
      holding.destroyForcibly();
      holding.onExit().join();
    }
  }

  @Test
  void whatIsNoRegularFileIsRefusedByItsName() throws Exception {
    var pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    for (var name : List.of(pipe.toString(), "/proc/kmsg", "/dev/zero", directory.toString())) {
      var itself = run("run", name);
      assertThat(itself.ended()).as(name).isEqualTo(2);
      assertThat(itself.errors()).contains(name + " is not a regular file");

      var included =
          run("run", write(INSTANCE + "include " + name).toString(), "--check", "--vrrp");
      assertThat(included.ended()).as(name).isOne();
      assertThat(included.errors())
          .contains("k.conf:8:9: include '" + name + "': not a regular file");
    }
  }

  private static final String INSTANCE =
      """
      vrrp_instance VI_1 {
        interface eth0
        virtual_router_id 51
        virtual_ipaddress {
          10.0.0.1
        }
      }
      """;

  @Test
  void linesOfAnIdAreChosenByIt() throws Exception {
    var text = INSTANCE.replace("  virtual_router_id 51", "  @one virtual_router_id 51");
    var file = write(text).toString();
    for (var option : List.of("-i", "--config-id")) {
      var chosen = run("run", file, "--check", "--vrrp", option, "one");
      assertThat(chosen.ended()).as(chosen.errors()).isZero();
    }
    var other = run("run", file, "--check", "--vrrp", "--config-id=two");
    assertThat(other.ended()).isOne();
    assertThat(other.errors()).contains("no virtual_router_id");
  }

  private List<String> errorsOfCheck(String name) throws Exception {
    var run =
        RunProcess.startWithin(
            "40m", directory, "run", directory.resolve(name).toString(), "--check", "--vrrp");
    processes.add(run);
    assertThat(run.ended()).as(run.errors()).isOne();
    assertThat(run.errors()).doesNotContain("OutOfMemory");
    return run.lines().stream().filter(line -> line.contains(" error ")).toList();
  }

  @Test
  void whatCannotBeReadIsOneErrorEachInLittleMemory() throws Exception {
    Files.writeString(directory.resolve("a.conf"), INSTANCE + "include b.conf\n");
    Files.writeString(directory.resolve("b.conf"), "\n  include a.conf\n");
    assertThat(errorsOfCheck("a.conf"))
        .singleElement()
        .asString()
        .contains("b.conf:2:11: include '", "a.conf': includes itself");

    Files.writeString(directory.resolve("m.conf"), INSTANCE + "include gone.conf\n");
    assertThat(errorsOfCheck("m.conf"))
        .singleElement()
        .asString()
        .contains("m.conf:8:9: include 'gone.conf': no such file");

    assertThat(errorsOfCheck("gone.conf")).singleElement().asString().contains("gone.conf");

    var line = "x".repeat(10_000_000);
    Files.writeString(directory.resolve("l.conf"), INSTANCE + line + "\n" + INSTANCE);
    assertThat(errorsOfCheck("l.conf"))
        .anyMatch(error -> error.contains("l.conf:8:1: line of more than 65536 bytes"))
        .allMatch(error -> error.length() < 500);
  }

  @Test
  void aCheckSaysWhatItWouldRunOnAndWhy() throws Exception {
    assumeThat(Files.exists(Path.of("/proc/net/ip_vs"))).as("this kernel has ip_vs").isFalse();
    var nat = write(server("rr", backend("one"))).toString();
    var good = run("run", nat, "--check");
    assertThat(good.ended()).as(good.errors()).isZero();
    assertThat(good.errors()).contains("data plane proxy: ipvs can't be had: ipvs data plane: ");

    var direct =
        server("rr", backends.getFirst()).replace("lb_algo rr", "lb_algo rr\n  lb_kind DR");
    var file = write(direct).toString();
    var bad = run("run", file, "--check");
    assertThat(bad.ended()).isOne();
    assertThat(bad.errors())
        .contains("ipvs data plane: open IPVS: ")
        .containsPattern("lvs_method: DR");
    assertThat(run("run", file, "--check", "--plane", "ipvs").ended()).isOne();
    var anywhere = run("run", file, "--check", "--plane", "any");
    assertThat(anywhere.ended()).as(anywhere.errors()).isZero();
    assertThat(run("run", file, "--plane", "any").ended()).isEqualTo(2);
    assertThat(run("run", file).ended()).isEqualTo(3);
  }

  @Test
  void exitStatusesSayWhatIsWrong() throws Exception {
    assertThat(run("run").ended()).isEqualTo(2);
    assertThat(run("run", "k.conf", "--plane", "warp").ended()).isEqualTo(2);
    var missing = run("run", directory.resolve("missing.conf").toString());
    assertThat(missing.ended()).isEqualTo(2);
    assertThat(missing.errors()).contains("missing.conf").contains("a file that is there");
    var file = write(server("rr", backend("one"))).toString();
    var ebpf = run("run", file, "--plane", "ebpf");
    assertThat(ebpf.ended()).isEqualTo(2);
    assertThat(ebpf.errors()).contains("ebpf");
    try (var taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      var refused = run("run", file, "--plane", "proxy");
      assertThat(taken.isBound()).isTrue();
      assertThat(refused.ended()).as(refused.errors()).isEqualTo(3);
      assertThat(refused.errors()).contains("address in use").doesNotContain("lvs4j ready");
    }
  }

  /** A client that asks on one connection. */
  private static final class Client implements AutoCloseable {
    private final Socket socket;

    Client(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(30_000);
    }

    String ask(String word) throws IOException {
      socket.getOutputStream().write((word + "\n").getBytes(UTF_8));
      var answer = new StringBuilder();
      for (int c = socket.getInputStream().read(); c >= 0 && c != '\n'; ) {
        answer.append((char) c);
        c = socket.getInputStream().read();
      }
      return answer.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
