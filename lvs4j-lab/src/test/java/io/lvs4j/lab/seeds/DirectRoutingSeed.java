package io.lvs4j.lab.seeds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.Responder;
import io.lvs4j.lab.network.Session;
import io.lvs4j.linux.realserver.RealServerSide;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;

/**
 * A cluster of a document: two directors that run its keepalived.conf unchanged, two real servers
 * with the virtual address on lo, and a client of many addresses, for persistence keeps each one on
 * its server.
 */
final class DirectRoutingSeed implements AutoCloseable {
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(3);
  private static final int CLIENTS = 8;

  private final LvsSite site = LvsSite.of(2, 2);
  private final String network;
  private final InetAddress vip;
  private final List<AutoCloseable> sides = new ArrayList<>();
  private final Map<Host, Responder> serving = new HashMap<>();
  private final Map<Host, RunningSeed> running = new HashMap<>();

  /** They take minutes in the guest, and a busy machine makes their scripts late. */
  static void assumeAskedFor() {
    Assumptions.assumeTrue(
        System.getProperty("lvs4j.seeds") != null,
        "the seeds' clusters take minutes: -Dlvs4j.seeds=inner, or =run for processes");
  }

  /**
   * Makes the hosts as the document has them.
   *
   * @param card what it calls the network card
   * @param network the first three parts of all addresses
   * @param vip the last part of the virtual address
   * @param hosts the last parts of the directors' addresses and the real servers'
   */
  DirectRoutingSeed(String card, String network, int vip, int... hosts) {
    this.network = network;
    this.vip = InetAddress.ofLiteral(network + "." + vip);
    var all = List.of(site.director(1), site.director(2), site.real(1), site.real(2));
    for (int i = 0; i < all.size(); i++) {
      address(all.get(i), card, hosts[i]);
    }
    address(site.client(), card, 50);
    for (int i = 1; i < CLIENTS; i++) {
      site.client().ip("address add " + network + "." + (50 + i) + "/24 dev " + card);
    }
    for (Host real : site.reals()) {
      var memory = site.workspace().directory("memory");
      var side = RealServerSide.of(this.vip).memory(memory);
      sides.add(real.call(side::open));
      serve(real);
    }
  }

  private void address(Host host, String card, int last) {
    var lines = new ArrayList<String>();
    lines.add("address flush dev eth0");
    if (!card.equals("eth0")) {
      lines.add("link set eth0 down");
      lines.add("link set eth0 name " + card);
      lines.add("link set " + card + " up");
    }
    lines.add("address add " + network + "." + last + "/24 dev " + card);
    host.ip(lines);
  }

  LvsSite site() {
    return site;
  }

  /** Starts what the document calls keepalived. */
  void run(int director, String configuration) {
    var host = site.director(director);
    running.put(host, RunningSeed.start(site, host, configuration));
  }

  void stop(int director) {
    var program = running.remove(site.director(director));
    assertThat(program).isNotNull();
    program.stop();
    assertThat(site.director(director).has(vip)).as("the address after the end").isFalse();
  }

  /** Lets another host serve as a web server does. */
  void serve(Host host, int port) {
    serving.put(host, site.serve(host, port));
  }

  /** Returns the kernel's table as ipvsadm prints it. */
  String table(int director) {
    return site.director(director).run("ipvsadm", "-Ln");
  }

  void serve(Host real) {
    serving.put(real, site.serve(real, LvsSite.PORT));
  }

  void kill(Host real) {
    var responder = serving.remove(real);
    assertThat(responder).isNotNull();
    responder.close();
  }

  void awaitAddressAt(int director) {
    await("address at director " + director)
        .atMost(LONG_ENOUGH)
        .until(() -> site.director(director).has(vip));
  }

  void awaitNoAddressAt(int director) {
    await("no address at director " + director)
        .atMost(LONG_ENOUGH)
        .until(() -> !site.director(director).has(vip));
  }

  /** Waits until a round of all clients is answered by exactly these. */
  void awaitAnswersOf(String... names) {
    await("answers of " + List.of(names))
        .atMost(LONG_ENOUGH)
        .untilAsserted(() -> assertThat(answers()).containsExactly(names));
  }

  /** Returns who answers, asked once from each address of the client; "" if nobody. */
  TreeSet<String> answers() {
    var answers = new TreeSet<String>();
    for (int i = 0; i < CLIENTS; i++) {
      var from = new InetSocketAddress(InetAddress.ofLiteral(network + "." + (50 + i)), 0);
      try (var session = Session.open(site.client(), from, vip, LvsSite.PORT)) {
        answers.add(session.server());
      } catch (UncheckedIOException nobody) {
        answers.add("");
      }
    }
    return answers;
  }

  @Override
  public void close() throws Exception {
    try (site) {
      for (RunningSeed program : running.values()) {
        program.stop();
      }
      for (int i = 0; i < sides.size(); i++) {
        var side = sides.get(i);
        site.real(i + 1)
            .call(() -> {
              side.close();
              return "";
            });
      }
    }
  }
}
