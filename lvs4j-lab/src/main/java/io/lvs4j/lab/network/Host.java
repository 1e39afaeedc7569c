package io.lvs4j.lab.network;

import io.lvs4j.api.host.HardwareAddress;
import io.lvs4j.lab.peer.RunningProcess;
import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.linux.kernel.NativeKernel;
import io.lvs4j.linux.kernel.NetworkNamespace;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * A host on a {@link LabNetwork}: a network namespace with a card, {@code eth0}, whose cable can be
 * pulled, and whose switch port can be blocked with nobody noticing.
 */
public final class Host {
  /** The name of the card. */
  public static final String CARD = "eth0";

  /** The name of the card on the back link, of a host that is on it. */
  public static final String BACK_CARD = "eth1";

  // States of a bridge's port, as the kernel numbers them.
  private static final int DISABLED = 0;
  private static final int FORWARDING = 3;

  private final LabNetwork network;
  private final String name;
  private final int number;
  private final NetworkNamespace namespace;

  Host(LabNetwork network, String name, int number, NetworkNamespace namespace) {
    this.network = network;
    this.name = name;
    this.number = number;
    this.namespace = namespace;
  }

  /** Returns what it is called by. */
  public String name() {
    return name;
  }

  /** Returns the last part of its addresses, from 1. */
  public int number() {
    return number;
  }

  /** Returns its namespace. */
  public NetworkNamespace namespace() {
    return namespace;
  }

  /** Returns {@code 10.77.0.N}, with N counting the hosts from 1. */
  public Inet4Address ipv4() {
    return Inet4Address.ofLiteral("10.77.0." + number);
  }

  /** Returns {@code 2001:db8:77::N}. */
  public Inet6Address ipv6() {
    return (Inet6Address) InetAddress.ofLiteral("2001:db8:77::" + number);
  }

  /** Returns the address of its card. */
  public HardwareAddress card() {
    return new HardwareAddress(0x0200_0000_0000L + number);
  }

  /** Returns {@code 10.78.0.N}, its address on the back link. */
  public Inet4Address backIpv4() {
    return Inet4Address.ofLiteral("10.78.0." + number);
  }

  /** Returns {@code 2001:db8:78::N}, its address on the back link. */
  public Inet6Address backIpv6() {
    return (Inet6Address) InetAddress.ofLiteral("2001:db8:78::" + number);
  }

  /** Returns the address of its card on the back link. */
  public HardwareAddress backCard() {
    return new HardwareAddress(0x0201_0000_0000L + number);
  }

  /** Returns the address that the kernel makes of the card's, from which VRRP over IPv6 speaks. */
  public Inet6Address linkLocal() {
    return (Inet6Address) InetAddress.ofLiteral("fe80::ff:fe00:" + number);
  }

  String port() {
    return "port" + number;
  }

  /** Starts a program here. */
  public RunningProcess start(Workspace workspace, List<String> command) {
    return workspace.start(name, network.ip().within(namespace.name(), command));
  }

  /**
   * Runs a program here to its end and returns what it printed.
   *
   * @throws IllegalStateException when it fails, with what it printed
   */
  public String run(String... command) {
    return IpCommand.run(network.ip().within(namespace.name(), List.of(command)), List.of());
  }

  /** Runs a program here to its end with these lines as its input, and returns what it printed. */
  public String run(List<String> command, List<String> input) {
    return IpCommand.run(network.ip().within(namespace.name(), command), input);
  }

  /** Runs a task on a thread that is here; the sockets it opens stay here. */
  public <T> T call(Callable<T> task) {
    try {
      return namespace.call(new NativeKernel(), task);
    } catch (RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while on " + this, e);
    } catch (Exception e) {
      throw new IllegalStateException("on " + this, e);
    }
  }

  /** Runs an {@code ip} command here and returns what it printed. */
  public String ip(String arguments) {
    return network.ip().run("-n " + namespace.name() + " " + arguments);
  }

  /** Runs many {@code ip} commands here. */
  public void ip(List<String> commands) {
    network.ip().batch(namespace.name(), commands);
  }

  /** Writes a kernel setting, such as {@code net/ipv4/ip_nonlocal_bind}. */
  public void set(String setting, String value) {
    call(() -> Files.writeString(Path.of("/proc/sys", setting), value));
  }

  /** Says whether any of its devices has this address. */
  public boolean has(InetAddress address) {
    String literal = address.getHostAddress();
    int zone = literal.indexOf('%');
    return !ip("-oneline address show to " + (zone < 0 ? literal : literal.substring(0, zone)))
        .isBlank();
  }

  /** Pulls the cable out: the card loses its carrier. */
  public void pullCable() {
    network.cable(this, "down");
  }

  /** Puts the cable back in. */
  public void plugCable() {
    network.cable(this, "up");
  }

  /** Takes the card out. */
  public void removeCard() {
    ip("link delete " + CARD);
  }

  /** Puts another card in, in place of the one that was removed, with the same addresses. */
  public void newCard() {
    network.newCard(this);
  }

  /** Blocks its switch port in both directions; the card notices nothing. */
  public void cutOff() {
    network.port(this, DISABLED);
  }

  /** Lets its switch port forward again. */
  public void rejoin() {
    network.port(this, FORWARDING);
  }

  @Override
  public String toString() {
    return name + " (" + namespace.name() + ")";
  }
}
