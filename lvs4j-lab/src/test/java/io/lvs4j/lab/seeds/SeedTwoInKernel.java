package io.lvs4j.lab.seeds;

import static io.lvs4j.lab.lvs.Family.IPV4;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.ipvs.CheckedBackend;
import io.lvs4j.lab.ipvs.CheckedBackend.Mood;
import io.lvs4j.lab.ipvs.ScriptBackend;
import io.lvs4j.lab.ipvs.StreamBackend;
import io.lvs4j.lab.lvs.Ipvsadm;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.Session;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Seed 002: each scheduler and each checker that it lists does what it says of it. */
class SeedTwoInKernel {
  private static final InetAddress VIP = IPV4.virtualAddress();
  private static final int CLIENTS = 6;

  private final List<Session> held = new ArrayList<>();
  private final List<RunningSeed> running = new ArrayList<>();
  private final List<CheckedBackend> backends = new ArrayList<>();
  private LvsSite site;

  @BeforeEach
  void prepare() {
    DirectRoutingSeed.assumeAskedFor();
    site = LvsSite.of(1, 2);
    site.hold(site.director(), VIP);
    site.directRouting(VIP);
    for (int client = 1; client < CLIENTS; client++) {
      site.client().ip("address add " + client(client).getHostAddress() + "/24 dev eth0");
    }
  }

  @AfterEach
  void close() {
    held.forEach(Session::close);
    running.forEach(RunningSeed::stop);
    backends.forEach(CheckedBackend::close);
    Optional.ofNullable(site).ifPresent(LvsSite::close);
  }

  private static InetAddress client(int number) {
    return InetAddress.ofLiteral(number == 0 ? "10.77.0.1" : "10.77.0." + (200 + number));
  }

  private static String virtualServer(int port, String scheduler, int... weights) {
    return virtualServer(port, scheduler, List.of("weight " + weights[0], "weight " + weights[1]));
  }

  private static String virtualServer(int port, String scheduler, List<String> realServers) {
    return """
    virtual_server 10.77.0.100 %1$d {
      delay_loop 1
      lb_algo %2$s
      lb_kind DR
      protocol TCP
      real_server 10.77.0.3 %1$d {
        %3$s
      }
      real_server 10.77.0.4 %1$d {
        %4$s
      }
    }
    """
        .formatted(port, scheduler, realServers.get(0), realServers.get(1));
  }

  private void director(String... virtualServers) {
    running.add(InnerDirector.start(site.director(), String.join("", virtualServers)));
  }

  private void serve(int port) {
    site.reals().forEach(real -> site.serve(real, port));
  }

  /** Connects from an address, is answered, and leaves. */
  private String once(int client, int port) {
    try (var session = open(client, port)) {
      return session.server();
    }
  }

  private Session open(int client, int port) {
    return Session.open(site.client(), new InetSocketAddress(client(client), 0), VIP, port);
  }

  /** Connects as often and stays. */
  private List<String> hold(int times, int port) {
    var answers = new ArrayList<String>();
    for (int i = 0; i < times; i++) {
      var session = open(0, port);
      held.add(session);
      answers.add(session.server());
    }
    return answers;
  }

  private static long count(List<String> answers, String name) {
    return answers.stream().filter(name::equals).count();
  }

  private void scheduler(int port, String name, int... weights) {
    serve(port);
    director(virtualServer(port, name, weights));
  }

  /** 轮询: 按顺序轮流分配. */
  @Test
  void roundRobin() {
    scheduler(8001, "rr", 1, 1);
    var answers = hold(4, 8001);
    assertThat(answers).startsWith(answers.get(2), answers.get(3)).contains("real1", "real2");
    assertThat(answers.get(0)).isNotEqualTo(answers.get(1));
  }

  /** 加权轮询: 处理能力强的服务器处理更多的访问流量. */
  @Test
  void weightedRoundRobin() {
    scheduler(8002, "wrr", 1, 3);
    var answers = hold(8, 8002);
    assertThat(count(answers, "real1")).isEqualTo(2);
    assertThat(count(answers, "real2")).isEqualTo(6);
  }

  /** 最少连接: 已建立的链接数最少的服务器. */
  @Test
  void leastConnection() {
    scheduler(8003, "lc", 1, 1);
    var first = hold(2, 8003);
    assertThat(first).containsExactlyInAnyOrder("real1", "real2");
    // The one that was chosen last: by turns it would not be next.
    held.getLast().close();
    var freed = first.getLast().equals("real1") ? "10.77.0.3:8003" : "10.77.0.4:8003";
    await("the director to see the end")
        .until(() ->
            new Ipvsadm(site.director()).list().matches("(?s).*" + freed + " +Route +1 +0 +1 .*"));
    assertThat(hold(1, 8003)).containsExactly(first.getLast());
  }

  /** 加权最少链接: 较高权值的服务器将承受较大比例的活动连接负载. */
  @Test
  void weightedLeastConnection() {
    scheduler(8004, "wlc", 1, 3);
    var answers = hold(8, 8004);
    assertThat(count(answers, "real1")).isEqualTo(2);
    assertThat(count(answers, "real2")).isEqualTo(6);
  }

  /** 基于局部性的最少链接: the address's last server, until it is overloaded and one is idle. */
  @Test
  void localityBasedLeastConnection() {
    scheduler(8005, "lblc", 1, 1);
    var other = staysUntilOverloaded(8005);
    assertThat(hold(3, 8005)).as("its server is another one now").containsOnly(other);
  }

  /** 带复制的: the address's set of servers, which grows when one is overloaded. */
  @Test
  void localityBasedLeastConnectionWithReplication() {
    scheduler(8006, "lblcr", 1, 1);
    var other = staysUntilOverloaded(8006);
    assertThat(hold(3, 8006)).as("it has both now").contains("real1", "real2").startsWith(other);
  }

  /** Returns the server that helps out. */
  private String staysUntilOverloaded(int port) {
    var server = once(0, port);
    for (int client = 1; client < CLIENTS; client++) {
      assertThat(once(client, port)).isEqualTo(server);
    }
    var other = server.equals("real1") ? "real2" : "real1";
    assertThat(hold(3, port)).containsExactly(server, server, other);
    return other;
  }

  /** 目标地址散列: one address, one server, however many connections it has. */
  @Test
  void destinationHashing() {
    scheduler(8007, "dh", 5, 5);
    assertThat(hold(5, 8007)).containsOnly(once(1, 8007));
  }

  /** 源地址散列: each client has its server. */
  @Test
  void sourceHashing() {
    scheduler(8008, "sh", 1, 1);
    var first = new ArrayList<String>();
    for (int client = 0; client < CLIENTS; client++) {
      first.add(once(client, 8008));
    }
    assertThat(first).contains("real1", "real2");
    // The other way round: by turns it would not be the same again.
    for (int client = CLIENTS - 1; client >= 0; client--) {
      assertThat(once(client, 8008)).isEqualTo(first.get(client));
    }
  }

  /** TCP_CHECK: 如果远程服务器未回复此请求，从服务器池中删除该服务器. */
  @Test
  void tcpCheck() {
    int port = 8011;
    var first = site.serve(site.real(1), port);
    site.serve(site.real(2), port);
    var check = "TCP_CHECK {\n connect_timeout 3\n }";
    director(virtualServer(port, "rr", List.of(check, check)));
    awaitServers(port, "real1", "real2");
    first.close();
    awaitServers(port, "real2");
    site.serve(site.real(1), port);
    awaitServers(port, "real1", "real2");
  }

  /** MISC_CHECK: 自定义的脚本, 结果必须为0或1. */
  @Test
  void miscCheck() {
    int port = 8012;
    serve(port);
    var scripts =
        List.of(
            new ScriptBackend(site.workspace().directory("script")),
            new ScriptBackend(site.workspace().directory("script")));
    backends.addAll(scripts);
    director(
        virtualServer(
            port,
            "rr",
            scripts.stream()
                .map(script ->
                    "MISC_CHECK {\n misc_path " + script.program() + "\n misc_timeout 30\n }")
                .toList()));
    awaitServers(port, "real1", "real2");
    scripts.getFirst().be(Mood.GONE);
    awaitServers(port, "real2");
    scripts.getFirst().be(Mood.WELL);
    awaitServers(port, "real1", "real2");
  }

  /** Waits until a round of connections is answered by exactly these. */
  private void awaitServers(int port, String... names) {
    await(List.of(names) + " at " + port)
        .atMost(WebPages.LONG_ENOUGH)
        .untilAsserted(() -> {
          var answers = new ArrayList<String>();
          for (int i = 0; i < 4; i++) {
            answers.add(Session.once(site.client(), VIP, port).orElse("nobody at all"));
          }
          assertThat(answers)
              .extracting(answer -> answer.substring(0, answer.indexOf(' ')))
              .containsOnly(names);
        });
  }

  /** HTTP_GET: 使用MD5算法对结果进行摘要，与期望值不匹配，则测试不通过. */
  @Test
  void httpGet() {
    pages(8013, "HTTP_GET", WebPages.plain());
  }

  /** SSL_GET: the same through TLS. */
  @Test
  void sslGet() {
    pages(8014, "SSL_GET", WebPages.tls(site.workspace()));
  }

  private void pages(int port, String checker, WebPages pages) {
    for (Host real : site.reals()) {
      backends.add(
          StreamBackend.web(
              real, port, pages.tls(), "page of " + real.name(), "error of " + real.name()));
    }
    director(
        virtualServer(
            port,
            "rr",
            site.reals().stream()
                .map(real ->
                    "%s {\n url {\n path /\n digest %s\n }\n connect_timeout 20\n retry 1\n delay_before_retry 1\n }"
                        .formatted(checker, WebPages.digest("page of " + real.name())))
                .toList()));
    awaitPages(pages, port, "page of real1", "page of real2");
    backends.getFirst().be(Mood.WRONG);
    awaitPages(pages, port, "page of real2");
    backends.getFirst().be(Mood.WELL);
    awaitPages(pages, port, "page of real1", "page of real2");
  }

  private void awaitPages(WebPages pages, int port, String... texts) {
    await(List.of(texts) + " at " + port)
        .atMost(WebPages.LONG_ENOUGH)
        .untilAsserted(() -> {
          var answers = new ArrayList<String>();
          for (int i = 0; i < 4; i++) {
            answers.add(pages.get(site.client(), VIP, port));
          }
          assertThat(answers).containsOnly(texts);
        });
  }
}
