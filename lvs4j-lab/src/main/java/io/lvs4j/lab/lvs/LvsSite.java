package io.lvs4j.lab.lvs;

import io.lvs4j.lab.network.Capture;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.LabNetwork;
import io.lvs4j.lab.network.Packet;
import io.lvs4j.lab.network.Responder;
import io.lvs4j.lab.peer.Workspace;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A client, directors and real servers on one link, and what each of them needs for a way to
 * forward. Real servers answer on {@link #PORT} with their names.
 *
 * <p>Only what surrounds the director is made here: its table is the test's.
 */
public final class LvsSite implements AutoCloseable {
  /** The port of the virtual server and, where nothing else is said, of its real servers. */
  public static final int PORT = 80;

  private final Workspace workspace = Workspace.create();
  private final LabNetwork network;
  private final int realServers;
  private final List<Responder> responders = new ArrayList<>();

  private LvsSite(int directors, int realServers) {
    this.realServers = realServers;
    this.network =
        LabNetwork.of(
            Stream.of(
                    Stream.of("client"),
                    numbered("director", directors),
                    numbered("real", realServers))
                .flatMap(names -> names)
                .toArray(String[]::new));
  }

  private static Stream<String> numbered(String name, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(number -> name + number);
  }

  /** Makes a site with hosts that have addresses of their own and nothing else yet. */
  public static LvsSite of(int directors, int realServers) {
    var site = new LvsSite(directors, realServers);
    try {
      for (int number = 1; number <= directors; number++) {
        Host director = site.director(number);
        director.set("net/ipv4/ip_forward", "1");
        director.set("net/ipv6/conf/all/forwarding", "1");
        director.set("net/ipv4/conf/all/send_redirects", "0");
        director.set("net/ipv4/conf/eth0/send_redirects", "0");
      }
      return site;
    } catch (RuntimeException failed) {
      site.close();
      throw failed;
    }
  }

  /** Returns the network. */
  public LabNetwork network() {
    return network;
  }

  /** Returns the directory for what tests write, and its processes. */
  public Workspace workspace() {
    return workspace;
  }

  /** Returns the client. */
  public Host client() {
    return network.host("client");
  }

  /** Returns the first director. */
  public Host director() {
    return director(1);
  }

  /** Returns a director, counted from 1. */
  public Host director(int number) {
    return network.host("director" + number);
  }

  /** Returns a real server, counted from 1. */
  public Host real(int number) {
    return network.host("real" + number);
  }

  /** Returns all real servers. */
  public List<Host> reals() {
    return IntStream.rangeClosed(1, realServers).mapToObj(this::real).toList();
  }

  /**
   * Gives a director a virtual address, so that clients find it there. One of IPv6 is deprecated
   * from the start: else the kernel takes it as the source of tunnels, and a real server drops what
   * comes from an address that it has itself.
   */
  public void hold(Host director, InetAddress virtualAddress) {
    director.ip(
        "address add "
            + Family.single(virtualAddress)
            + " dev eth0"
            + (virtualAddress instanceof Inet4Address ? "" : " nodad preferred_lft 0"));
  }

  /**
   * Lets the real servers answer for virtual addresses without saying on the link that they have
   * them: on the loopback interface, and silent to ARP there.
   */
  public void directRouting(InetAddress... virtualAddresses) {
    reals().forEach(real -> acceptDirect(real, virtualAddresses));
  }

  /** Does so for one host, which then answers as its name. */
  public void acceptDirect(Host real, InetAddress... virtualAddresses) {
    for (String device : List.of("all", "eth0")) {
      real.set("net/ipv4/conf/" + device + "/arp_ignore", "1");
      real.set("net/ipv4/conf/" + device + "/arp_announce", "2");
    }
    real.ip(
        Arrays.stream(virtualAddresses)
            .map(address -> "address add " + Family.single(address) + " dev lo")
            .toList());
    serve(real, PORT, virtualAddresses);
  }

  /** Lets the real servers take packets out of tunnels of any kind, and answer directly. */
  public void tunnels(InetAddress... virtualAddresses) {
    directRouting(virtualAddresses);
    for (Host real : reals()) {
      real.ip(
          List.of(
              "link set tunl0 up",
              "link set gre0 up",
              "link set ip6tnl0 up",
              "link set ip6gre0 up",
              "link set sit0 up",
              // ip6tnl0 takes IPv6 only.
              "link add any type ip6tnl mode any remote :: local " + real.ipv6().getHostAddress(),
              "link set any up",
              "fou add port " + Packet.GUE_PORT + " gue"));
      for (String device : List.of("all", "tunl0", "gre0")) {
        real.set("net/ipv4/conf/" + device + "/rp_filter", "0");
      }
      real.ip("-6 fou add port " + Packet.GUE_PORT + " gue");
    }
  }

  /**
   * Makes a real server expect the checksum in what comes by GRE from a director, and refuse what
   * comes without it.
   */
  public void checksummedGre(Host real, Host director, Family family) {
    real.ip(
        List.of(
            "link add summed type %s local %s remote %s icsum"
                .formatted(
                    family == Family.IPV4 ? "gre" : "ip6gre",
                    family.of(real).getHostAddress(),
                    family.of(director).getHostAddress()),
            "link set summed up"));
  }

  /** Undoes {@link #checksummedGre}. */
  public void plainGre(Host real) {
    real.ip("link delete summed");
  }

  /**
   * Moves the real servers to a link behind the director, which is their gateway: their answers
   * pass it on the way to the client.
   */
  public void masquerading(int port) {
    network.backLink(
        Stream.concat(Stream.of(director()), reals().stream())
            .map(Host::name)
            .toArray(String[]::new));
    for (Host real : reals()) {
      real.ip("link set eth0 down");
      for (Family family : Family.values()) {
        real.ip(
            family.option()
                + " route add default via "
                + family.behind(director()).getHostAddress());
      }
      serve(real, port, real.backIpv4(), real.backIpv6());
    }
  }

  /** Makes a host answer with its name: TCP on all its addresses, UDP on these. */
  public Responder serve(Host host, int port, InetAddress... datagramAddresses) {
    var responder = Responder.on(host, port, Arrays.asList(datagramAddresses));
    responders.add(responder);
    return responder;
  }

  /** Records all of IPv4 and IPv6 on the link that all hosts are on. */
  public Capture capture() {
    return network.capture(workspace, "ip or ip6");
  }

  @Override
  public void close() {
    try (workspace;
        network) {
      responders.forEach(Responder::close);
    }
  }
}
