package io.lvs4j.lab.seeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.host.HardwareAddress;
import io.lvs4j.core.scheduler.Schedulers;
import io.lvs4j.keepalived.ipvsadm.IpvsadmRules;
import io.lvs4j.lab.lvs.LvsSite;
import io.lvs4j.lab.network.Capture;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.Packet;
import io.lvs4j.lab.network.Session;
import io.lvs4j.linux.realserver.RealServerSide;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The machines of seed 004's chapter on LVS: a director with a card on the inner network and one on
 * the outer, two real servers on the inner, and the client's machine, which is on both and the
 * router between them, as the host of virtual machines is.
 */
final class TwoNetworks implements AutoCloseable {
  /** The director's address on the outer network. */
  static final InetAddress OUTER = InetAddress.ofLiteral("192.168.2.133");

  /** The director's second address on the inner network. */
  static final InetAddress INNER = InetAddress.ofLiteral("192.168.199.10");

  static final InetAddress CLIENT_OUTSIDE = InetAddress.ofLiteral("192.168.2.1");
  static final InetAddress CLIENT_INSIDE = InetAddress.ofLiteral("192.168.199.1");
  static final InetAddress FIRST = InetAddress.ofLiteral("192.168.199.233");
  static final InetAddress SECOND = InetAddress.ofLiteral("192.168.199.229");

  private final LvsSite site = LvsSite.of(1, 2);
  private final List<RunningSeed> running = new ArrayList<>();

  TwoNetworks() {
    site.network().backLink("client", "director1", "real1", "real2");
    card(site.client(), Host.CARD, "ens38", CLIENT_OUTSIDE);
    card(site.client(), Host.BACK_CARD, "ens33", CLIENT_INSIDE);
    card(director(), Host.CARD, "ens38", OUTER);
    card(director(), Host.BACK_CARD, "ens33", InetAddress.ofLiteral("192.168.199.205"));
    card(site.real(1), Host.BACK_CARD, "ens33", FIRST);
    card(site.real(2), Host.BACK_CARD, "ens33", SECOND);
    site.client().set("net/ipv4/conf/all/rp_filter", "0");
    for (Host real : site.reals()) {
      real.ip("link set eth0 down");
      site.serve(real, LvsSite.PORT);
    }
  }

  private static void card(Host host, String card, String name, InetAddress address) {
    host.ip(
        List.of(
            "address flush dev " + card,
            "link set " + card + " down",
            "link set " + card + " name " + name,
            "link set " + name + " up",
            "address add " + address.getHostAddress() + "/24 dev " + name));
  }

  LvsSite site() {
    return site;
  }

  Host director() {
    return site.director();
  }

  /** Lets the director do what commands of ipvsadm say, read as they stand in the document. */
  void rules(String file) {
    rules(file, Seed.file(file));
  }

  /** Lets it do so with another virtual address than the document has written out. */
  void rules(String file, InetAddress written, InetAddress meant) {
    rules(file, Seed.file(file).replace(written.getHostAddress(), meant.getHostAddress()));
  }

  private void rules(String file, String text) {
    var rules = IpvsadmRules.read(file, text, Schedulers::byName);
    assertThat(rules.diagnostics()).as(file).isEmpty();
    running.add(InnerDirector.start(director(), rules.virtualServers()));
  }

  /** Lets the real servers refuse what comes from where they would not answer to, as many do. */
  void strictReversePaths() {
    site.reals().forEach(real -> real.set("net/ipv4/conf/all/rp_filter", "1"));
  }

  /** Makes the real servers ready for a virtual address. */
  void realServers(InetAddress address, UnaryOperator<RealServerSide.Builder> kind) {
    for (Host real : site.reals()) {
      var memory = site.workspace().directory("memory");
      var side = real.call(kind.apply(RealServerSide.of(address).memory(memory))::open);
      running.add(() ->
          real.call(() -> {
            side.close();
            return side;
          }));
    }
  }

  /** Makes the real servers ready by the program for it, a process on each. */
  void realServerPrograms(InetAddress address, String... options) {
    for (Host real : site.reals()) {
      running.add(RealServerProgram.start(real, site.workspace(), address, options));
    }
  }

  /** Ends all that was started, the last first, in an orderly way. */
  void stop() {
    running.reversed().forEach(RunningSeed::stop);
    running.clear();
  }

  /** Gives the real servers a default route. */
  void defaultRoute(String gateway) {
    site.reals().forEach(real -> real.ip("route add default via " + gateway));
  }

  /** Asks four times who answers, each time on a new connection; empty for nobody. */
  List<Optional<String>> ask(InetAddress address) {
    var answers = new ArrayList<Optional<String>>();
    for (int i = 0; i < 4; i++) {
      answers.add(Session.once(site.client(), address, LvsSite.PORT));
    }
    return answers;
  }

  /** Both real servers answer in turn, and each sees the client's own address. */
  void assertTurns(InetAddress address, InetAddress client) {
    var one = Optional.of("real1 " + client.getHostAddress());
    var two = Optional.of("real2 " + client.getHostAddress());
    var answers = ask(address);
    assertThat(answers).isIn(List.of(one, two, one, two), List.of(two, one, two, one));
  }

  /** Records all of IPv4 on the outer network. */
  Capture outside() {
    return site.network().capture(site.workspace(), "ip");
  }

  /** Records all of IPv4, and ARP, on the inner network. */
  Capture inside() {
    return site.network().captureBack(site.workspace(), "ip or arp");
  }

  /** Says whether it goes from one card to another. */
  static Predicate<Packet> hop(HardwareAddress from, HardwareAddress to) {
    return packet -> packet.from().equals(from) && packet.to().equals(to);
  }

  @Override
  public void close() {
    try (site) {
      stop();
    }
  }
}
