package io.lvs4j.linux.realserver;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Problem;
import io.lvs4j.api.StartException;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.NativeKernel;
import io.lvs4j.linux.netlink.InterfaceAddress;
import io.lvs4j.linux.netlink.Lifetime;
import io.lvs4j.linux.netlink.Link;
import io.lvs4j.linux.netlink.RouteNetlink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Lets this host take packets for a virtual address that a director sends it by direct routing or
 * through a tunnel, without answering ARP for it: what every LVS-HOWTO does by a shell script.
 *
 * <pre>{@code
 * try (var side = RealServerSide.of(InetAddress.ofLiteral("192.168.0.200")).open()) {
 *   serve();
 * }
 * }</pre>
 *
 * <p>The address goes to {@code lo}, or to {@code tunl0} ({@code ip6tnl0}) for a tunnel, alone in
 * its network. {@code net.ipv4.conf.all.arp_ignore} becomes 1 and {@code arp_announce} 2 where they
 * aren't enough already; behind a tunnel {@code rp_filter} of the device becomes 2 where it would
 * drop what comes out of it. IPv6 needs none of these. Closing takes back exactly what was done,
 * and leaves what somebody else has changed meanwhile. What was done is on disk, so that {@link
 * Builder#undo} takes it back after the process was killed.
 *
 * <p>Needs CAP_NET_ADMIN, and root for the settings. Works in the network namespace of the calling
 * thread. Thread-safe.
 */
public final class RealServerSide implements AutoCloseable {
  /** Where it is remembered what was done, unless something else is said; gone after a boot. */
  public static final Path MEMORY = Path.of("/run/lvs4j/real-server");

  private static final Logger LOG = System.getLogger("io.lvs4j.linux");
  private static final String ARP_IGNORE = "net.ipv4.conf.all.arp_ignore";
  private static final String ARP_ANNOUNCE = "net.ipv4.conf.all.arp_announce";
  private static final int SCOPE_HOST_ONLY = 254;

  private final InetAddress address;
  private final Builder builder;
  private final List<String> steps;
  private final Holding holding;

  private RealServerSide(Builder builder, List<String> steps, Holding holding) {
    this.address = builder.address;
    this.builder = builder;
    this.steps = List.copyOf(steps);
    this.holding = holding;
  }

  /** Begins with the virtual address. */
  public static Builder of(InetAddress virtualAddress) {
    return new Builder(virtualAddress);
  }

  /** Returns what was done and will be taken back, by an earlier life too, in words. */
  public List<String> steps() {
    return steps;
  }

  /** Takes back all that was done; further calls do nothing. */
  @Override
  public void close() {
    builder.undo().forEach(each -> LOG.log(Level.INFO, each));
    try {
      holding.close();
    } catch (IOException refused) {
      throw new UncheckedIOException(this + ": its lock", refused);
    }
  }

  @Override
  public String toString() {
    return "real server side of " + Endpoint.literal(address);
  }

  /** Collects the settings; not safe for use by several threads at once. */
  public static final class Builder {
    private final InetAddress address;
    private final Kernel kernel = new NativeKernel();
    private boolean tunnel;
    private Path memory = MEMORY;
    private Sysctls sysctls = Sysctls.OF_THIS_HOST;

    private Builder(InetAddress address) {
      this.address = Objects.requireNonNull(address, "virtualAddress");
    }

    /** Takes packets that come through a tunnel, IP in IP. */
    public Builder tunnel() {
      this.tunnel = true;
      return this;
    }

    /** Sets where it is remembered what was done; {@link #MEMORY} if not. */
    public Builder memory(Path directory) {
      this.memory = Objects.requireNonNull(directory, "directory");
      return this;
    }

    Builder sysctls(Sysctls sysctls) {
      this.sysctls = sysctls;
      return this;
    }

    /**
     * Makes the host ready. What an earlier life has left, or somebody else has made so, stays, and
     * in the latter case stays in the end too. One at a time has a virtual address: a second one
     * would take away in its end what the first needs.
     *
     * @throws StartException with everything that stood in the way; nothing is left of it
     */
    public RealServerSide open() {
      var problems = problems();
      if (!problems.isEmpty()) {
        throw new StartException(problems);
      }
      try {
        var remembered = Memory.in(memory);
        var holding = remembered.hold(address);
        try {
          return open(remembered, holding);
        } catch (IOException | RuntimeException refused) {
          holding.close();
          throw refused;
        }
      } catch (Holding.TakenException taken) {
        throw new StartException(
            List.of(
                new Problem(
                    subject(),
                    String.valueOf(taken.getMessage()),
                    "one process for a virtual address; end that one, or leave it to it")));
      } catch (IOException refused) {
        throw refused(refused);
      }
    }

    private RealServerSide open(Memory remembered, Holding holding) throws IOException {
      try (var _ = remembered.lock();
          var route = RouteNetlink.open(kernel)) {
        apply(remembered, route);
        return new RealServerSide(
            this, remembered.steps(address).stream().map(Step::words).toList(), holding);
      } catch (IOException refused) {
        undo().forEach(each -> LOG.log(Level.INFO, each));
        throw refused;
      }
    }

    private StartException refused(IOException refused) {
      return new StartException(
          List.of(
              new Problem(
                  subject(),
                  String.valueOf(refused.getMessage()),
                  "root, or CAP_NET_ADMIN and settings and " + memory + " that may be written")));
    }

    private String subject() {
      return "real server side of " + Endpoint.literal(address);
    }

    private List<Problem> problems() {
      return address.isAnyLocalAddress()
              || address.isLoopbackAddress()
              || address.isMulticastAddress()
          ? List.of(new Problem(subject(), "no address of a host", "the virtual address"))
          : List.of();
    }

    private void apply(Memory remembered, RouteNetlink route) throws IOException {
      var device = device(route);
      elsewhere(route, device);
      if (!device.isAdministrativelyUp()) {
        remembered.add(address, new Step.Up(device.name()));
        route.setUp(device);
      }
      // Before the address: else the host would answer for it for a moment.
      for (var setting : settings(device.name())) {
        remembered.add(address, setting);
        sysctls.write(setting.name(), setting.present());
      }
      if (!has(route, device)) {
        remembered.add(address, new Step.Address(device.name(), address));
        route.put(onDevice(device));
      }
    }

    private Link device(RouteNetlink route) throws HostNetworkException {
      var name = deviceName();
      var link = route.link(name);
      if (link.isEmpty()) {
        throw new StartException(
            List.of(
                new Problem(
                    subject(),
                    name + " is not on this host",
                    address instanceof Inet6Address
                        ? "modprobe ip6_tunnel as root, or where the module is in the kernel: ip link"
                            + " add ip6tnl0 type ip6tnl"
                        : "modprobe ipip as root, or where the module is in the kernel: ip link add"
                            + " tunl0 type ipip")));
      }
      return link.get();
    }

    private String deviceName() {
      if (!tunnel) {
        return "lo";
      }
      return address instanceof Inet6Address ? "ip6tnl0" : "tunl0";
    }

    /** On an interface that answers ARP all of this would be in vain, and harm. */
    private void elsewhere(RouteNetlink route, Link device) throws HostNetworkException {
      for (var each : route.addresses()) {
        if (each.address().equals(address) && each.interfaceIndex() != device.index()) {
          var other =
              route.links().stream()
                  .filter(link -> link.index() == each.interfaceIndex())
                  .map(Link::name)
                  .findFirst()
                  .orElse("another interface");
          throw new StartException(
              List.of(
                  new Problem(
                      subject(),
                      "it is on " + other + ", where this host answers for it",
                      "on no other interface than "
                          + device.name()
                          + "; is this the director, or the other kind of real server?")));
        }
      }
    }

    private boolean has(RouteNetlink route, Link device) throws HostNetworkException {
      return route.addresses().stream()
          .anyMatch(
              each -> each.address().equals(address) && each.interfaceIndex() == device.index());
    }

    private InterfaceAddress onDevice(Link device) {
      return new InterfaceAddress(
          device.index(),
          address,
          address.getAddress().length * 8,
          device.name().equals("lo") ? SCOPE_HOST_ONLY : 0,
          address instanceof Inet6Address ? InterfaceAddress.IFA_F_NODAD : 0,
          Optional.empty(),
          Lifetime.FOREVER);
    }

    /** Returns the settings that are not as they have to be. */
    private List<Step.Setting> settings(String device) throws IOException {
      var wrong = new ArrayList<Step.Setting>();
      if (address instanceof Inet6Address) {
        return wrong;
      }
      // The kernel goes by the greater of the values for all interfaces and for the one.
      if (sysctls.number(ARP_IGNORE) < 1) {
        wrong.add(setting(ARP_IGNORE, "1"));
      }
      if (sysctls.number(ARP_ANNOUNCE) < 2) {
        wrong.add(setting(ARP_ANNOUNCE, "2"));
      }
      if (tunnel) {
        var own = "net.ipv4.conf." + device + ".rp_filter";
        if (Math.max(sysctls.number("net.ipv4.conf.all.rp_filter"), sysctls.number(own)) == 1) {
          wrong.add(setting(own, "2"));
        }
      }
      return wrong;
    }

    private Step.Setting setting(String name, String value) throws IOException {
      return new Step.Setting(name, sysctls.read(name), value);
    }

    /**
     * Takes back what is remembered of this address, whoever did it.
     *
     * @return what was done, in words; empty when nothing was remembered
     * @throws StartException when it can't be taken back; it stays remembered
     */
    public List<String> undo() {
      try {
        var remembered = Memory.in(memory);
        if (!remembered.knows(address)) {
          return List.of();
        }
        try (var _ = remembered.lock();
            var route = RouteNetlink.open(kernel)) {
          return new Undoing(address, remembered, route, sysctls).run();
        }
      } catch (IOException refused) {
        throw refused(refused);
      }
    }
  }
}
