package io.lvs4j.lab.ipvs;

import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.network.Packet;
import io.lvs4j.lab.network.Packet.Tcp;
import java.net.InetAddress;
import java.util.function.Predicate;

/** What tests ask of packets that were seen on a link. */
public final class Seen {
  private Seen() {}

  /** Says whether it opens a TCP connection, in whatever tunnel. */
  public static boolean opening(Packet packet) {
    return packet.tcp().filter(tcp -> tcp.syn() && !tcp.ack()).isPresent();
  }

  public static Predicate<Packet> between(Host from, Host to) {
    return packet -> packet.from().equals(from.card()) && packet.to().equals(to.card());
  }

  /** Says whether the packet of a client, tunnels apart, is from one address to another. */
  public static Predicate<Packet> inner(InetAddress source, InetAddress destination) {
    return packet ->
        packet
            .innerIp()
            .filter(ip -> ip.source().equals(source) && ip.destination().equals(destination))
            .isPresent();
  }

  public static Predicate<Packet> outer(InetAddress source, InetAddress destination) {
    return packet ->
        packet
            .ip()
            .filter(ip -> ip.source().equals(source) && ip.destination().equals(destination))
            .isPresent();
  }

  /** Says whether it is TCP from a source address, as it is on the link. */
  public static Predicate<Packet> tcpFrom(InetAddress source) {
    return packet ->
        packet.tcp().isPresent()
            && packet.ip().filter(ip -> ip.source().equals(source)).isPresent();
  }

  public static Predicate<Packet> toPort(int port) {
    return packet -> packet.tcp().map(Tcp::destinationPort).filter(to -> to == port).isPresent();
  }

  public static Predicate<Packet> timeToLive(int timeToLive) {
    return packet -> packet.innerIp().filter(ip -> ip.timeToLive() == timeToLive).isPresent();
  }
}
