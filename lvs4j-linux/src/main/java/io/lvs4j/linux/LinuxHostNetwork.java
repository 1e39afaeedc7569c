package io.lvs4j.linux;

import io.lvs4j.api.Problem;
import io.lvs4j.api.host.HardwareAddress;
import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.host.HostNetwork;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.InterfaceState;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.api.host.VrrpChannel;
import io.lvs4j.api.host.VrrpChannelSettings;
import io.lvs4j.linux.kernel.Capability;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.NativeKernel;
import io.lvs4j.linux.kernel.NiceThread;
import io.lvs4j.linux.kernel.Privileges;
import io.lvs4j.linux.netlink.RouteMonitor;
import io.lvs4j.linux.netlink.RouteMonitor.News;
import io.lvs4j.linux.netlink.RouteNetlink;
import io.lvs4j.linux.socket.LinkSocket;
import io.lvs4j.linux.socket.VrrpSockets;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The network of a Linux host, or of the network namespace that the thread is in which opens it and
 * calls it.
 *
 * <p>Needs CAP_NET_RAW to open channels and to announce, and CAP_NET_ADMIN to claim. One that is
 * created without them works for all else, and says what is missing when it is asked for more.
 */
public final class LinuxHostNetwork implements HostNetwork {
  private static final Logger LOG = System.getLogger(LinuxHostNetwork.class.getName());
  private static final int DATAGRAMS_A_CALL = 256;
  private static final int CALLS = 300;
  private static final long HASTE = Duration.ofMillis(10).toNanos();
  // The kernel may let a sleep last longer by its slack of 50 us, and who slept must be woken up.
  private static final long SHORTEST_SLEEP = Duration.ofNanos(200_000).toNanos();

  private final Kernel kernel;
  private final RouteNetlink route;
  private final RouteMonitor monitor;
  private final Waker waker;
  private final ConnectedNetworks networks;
  private final AddressHoldings holdings;
  private final Claims claims;
  private final Interfaces interfaces = new Interfaces();
  private final LinkSockets links;
  private final List<LinuxVrrpChannel> channels = new ArrayList<>();
  private final Set<VirtualAddressClaim> prepared = new LinkedHashSet<>();
  private final int nice;
  // Until then the host is left to those whose addresses have just been claimed.
  private long leisureAt = System.nanoTime();
  private boolean woken;
  // For which families the takeover was rehearsed: IPv6 or not.
  private final Set<Boolean> rehearsed = new HashSet<>();
  // News were heard, but what is true now has not been read since.
  private boolean stale;
  // Among them that of a link, which may have been down meanwhile.
  private boolean linksChanged;
  private @Nullable HostNetworkException postponed;
  private boolean closed;

  private LinuxHostNetwork(
      Kernel kernel, RouteNetlink route, RouteMonitor monitor, Waker waker, Builder builder) {
    this.kernel = kernel;
    this.route = route;
    this.monitor = monitor;
    this.waker = waker;
    this.nice = builder.nice;
    this.networks = new ConnectedNetworks(route, this::isClaimed);
    this.holdings =
        new AddressHoldings(
            kernel,
            route,
            networks,
            builder.mechanism,
            builder.addressLifetime,
            builder.settings.resolve("ipv4/conf"));
    this.claims = new Claims(holdings);
    this.links = new LinkSockets(kernel, route, builder.settings.resolve("ipv6/conf"));
  }

  /**
   * Opens the network of this host with all defaults.
   *
   * @throws UnsupportedOperationException when this JVM can't make system calls, see {@link
   *     LinuxNative}
   */
  public static LinuxHostNetwork open() throws HostNetworkException {
    return builder().open();
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public List<Problem> obstacles(boolean toHoldAddresses) {
    var missing = new ArrayList<Problem>();
    try {
      var privileges = Privileges.current();
      privileges.problem(Capability.NET_RAW, "to send and hear adverts").ifPresent(missing::add);
      if (toHoldAddresses) {
        privileges.problem(Capability.NET_ADMIN, "to hold addresses").ifPresent(missing::add);
      }
    } catch (IOException unreadable) {
      LOG.log(Level.DEBUG, "privileges are not known: {0}", unreadable.getMessage());
    }
    return missing;
  }

  /**
   * {@inheritDoc}
   *
   * <p>It gets the nice value that was set in the builder, if this process may (CAP_SYS_NICE or
   * RLIMIT_NICE); threads and processes that it starts don't inherit it.
   */
  @Override
  public void preferCallingThread() {
    if (nice < 0) {
      NiceThread.become(kernel, nice)
          .ifPresent(refused ->
              LOG.log(
                  Level.INFO,
                  "nice value of the VRRP thread: {0} refused by {1} (expected: CAP_SYS_NICE)",
                  nice,
                  refused));
    }
  }

  @Override
  public Optional<InterfaceState> watch(String networkInterface) throws HostNetworkException {
    var present = Inventory.take(route);
    networks.see(present);
    return interfaces.watch(networkInterface, present, this::isClaimed);
  }

  private boolean isClaimed(String networkInterface, InetAddress address) {
    return claims.has(networkInterface, address);
  }

  @Override
  public VrrpChannel openVrrp(VrrpChannelSettings settings) throws HostNetworkException {
    int index = 0;
    if (settings.networkInterface().isPresent()) {
      String name = settings.networkInterface().get();
      index =
          route
              .link(name)
              .orElseThrow(() ->
                  new HostNetworkException(
                      "open VRRP on " + name + ": no such interface in this network namespace"))
              .index();
    }
    var channel =
        new LinuxVrrpChannel(settings, VrrpSockets.open(kernel, settings, index), channels);
    channels.add(channel);
    return channel;
  }

  @Override
  public void prepare(VirtualAddressClaim claim) {
    try {
      if (kernel instanceof NativeKernel && rehearsed.add(isIpv6(claim))) {
        rehearse(claim);
      }
      holdings.prepare(claim);
      prepared.add(claim);
      watch(claim);
    } catch (HostNetworkException refused) {
      LOG.log(Level.DEBUG, "not prepared for {0}: {1}", claim, refused.getMessage());
    }
  }

  /** Takes over on a kernel that isn't there, then asks the real one again and again. */
  private void rehearse(VirtualAddressClaim claim) throws HostNetworkException {
    int _ = HostRehearsal.of(claim).run(holdings.mechanism(claim));
    for (int i = 0; i < CALLS; i++) {
      var _ = route.link(claim.networkInterface());
    }
  }

  @Override
  public void claim(VirtualAddressClaim claim) throws HostNetworkException {
    long now = System.nanoTime();
    leisureAt = now + HASTE;
    boolean fresh = claims.hold(claim, now);
    if (links.isWatching(claim.networkInterface(), claim.address())) {
      return;
    }
    try {
      watch(claim);
    } catch (HostNetworkException refused) {
      if (fresh) {
        undo(claim, refused);
      }
      throw refused;
    }
  }

  /** Releases an address whose claim has failed half way. */
  private void undo(VirtualAddressClaim claim, HostNetworkException refused) {
    try {
      claims.release(claim);
    } catch (HostNetworkException again) {
      refused.addSuppressed(again);
    }
  }

  @Override
  public void release(VirtualAddressClaim claim) throws HostNetworkException {
    if (claims.release(claim) && route.link(claim.networkInterface()).isPresent()) {
      watch(claim);
    }
  }

  /** Watches the interface of a claim; for prepared addresses too, so that claiming is quick. */
  private void watch(VirtualAddressClaim claim) throws HostNetworkException {
    var watched = new LinkedHashSet<>(prepared);
    watched.addAll(claims.all());
    links.watch(claim.networkInterface(), isIpv6(claim), watched);
  }

  private static boolean isIpv6(VirtualAddressClaim claim) {
    return claim.address() instanceof Inet6Address;
  }

  @Override
  public void announce(String networkInterface, InetAddress address) throws HostNetworkException {
    links.announce(networkInterface, address);
  }

  @Override
  public List<HostEvent> await(long deadlineNanos) throws HostNetworkException {
    if (postponed != null) {
      var failure = postponed;
      postponed = null;
      throw failure;
    }
    var events = new ArrayList<HostEvent>();
    try {
      await(deadlineNanos, events);
    } catch (HostNetworkException failed) {
      if (events.isEmpty()) {
        throw failed;
      }
      postponed = failed; // what was heard before must not be lost with it
    }
    return events;
  }

  private void await(long deadlineNanos, List<HostEvent> events) throws HostNetworkException {
    Readiness readiness = null;
    woken = false;
    while (true) {
      long now = System.nanoTime();
      long untilLeisure = leisureAt - now;
      if (readiness == null || (untilLeisure <= 0 && !readiness.contains(monitor.descriptor()))) {
        readiness = readiness(untilLeisure <= 0);
      }
      if (untilLeisure <= 0) {
        claims.settle(now);
      }
      long untilDeadline = Math.max(0, deadlineNanos - now);
      long untilRefresh = claims.untilRefresh(now);
      // What was removed meanwhile is told of, and not put back by the refresh.
      if (stale || untilRefresh <= 0) {
        news(events);
        claims.refresh(now);
        untilRefresh = claims.untilRefresh(now);
      }
      if (!events.isEmpty()) {
        return;
      }
      long wait = Math.min(untilDeadline, untilRefresh);
      if (untilLeisure > 0) {
        wait = Math.min(wait, untilLeisure);
      }
      boolean tooShort = wait < SHORTEST_SLEEP;
      boolean somethingReady = readiness.await(tooShort ? 0 : wait, events);
      boolean over = !somethingReady && untilDeadline == wait;
      if (!events.isEmpty() || woken || (over && (!tooShort || untilDeadline == 0))) {
        return;
      }
    }
  }

  private Readiness readiness(boolean atLeisure) {
    var readiness = new Readiness(kernel);
    for (var channel : channels) {
      readiness.add(channel.receiver(), events -> channel.receive(DATAGRAMS_A_CALL, events));
    }
    links
        .all()
        .forEach((socket, networkInterface) ->
            readiness.add(
                socket.descriptor(), events -> conflicts(socket, networkInterface, events)));
    if (atLeisure) {
      readiness.add(monitor.descriptor(), this::news);
    }
    readiness.add(
        waker.descriptor(),
        _ -> {
          waker.reset();
          woken = true;
        });
    return readiness;
  }

  /** Compares with what is true now whatever the news may be about: news can be late, or lost. */
  private void news(List<HostEvent> events) throws HostNetworkException {
    for (var each : monitor.read()) {
      stale = true;
      linksChanged |= !(each instanceof News.AddressChanged || each instanceof News.AddressRemoved);
    }
    if (!stale) {
      return;
    }
    var present = Inventory.take(route);
    stale = false;
    networks.see(present);
    networks.settle(linksChanged);
    linksChanged = false;
    events.addAll(interfaces.changes(present, this::isClaimed));
    events.addAll(claims.removed(present));
    links.prune(present);
  }

  private void conflicts(LinkSocket socket, String networkInterface, List<HostEvent> events)
      throws HostNetworkException {
    Optional<HardwareAddress> own =
        route.link(networkInterface).flatMap(link -> link.hardwareAddress());
    socket.receive(
        DATAGRAMS_A_CALL,
        (station, address) ->
            claims.all().stream()
                .filter(claim -> claim.networkInterface().equals(networkInterface))
                .filter(claim -> claim.address().equals(address))
                .filter(_ -> own.isEmpty() || !own.get().equals(station))
                .forEach(claim -> events.add(new HostEvent.AddressInUse(claim, station))));
  }

  @Override
  public void wakeUp() {
    waker.wake();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (var claim : List.copyOf(claims.all())) {
      try {
        claims.release(claim);
      } catch (HostNetworkException refused) {
        LOG.log(Level.WARNING, "release {0}: {1}", claim, refused.getMessage());
      }
    }
    List.copyOf(channels).forEach(LinuxVrrpChannel::close);
    links.close();
    holdings.close();
    waker.close();
    monitor.close();
    route.close();
  }

  /** Collects the settings of a host network. */
  public static final class Builder {
    private static final Duration SHORTEST_LIFETIME = Duration.ofSeconds(2);
    private static final Duration LONGEST_LIFETIME = Duration.ofHours(1);

    private AddressMechanism mechanism = AddressMechanism.AUTOMATIC;
    private Duration addressLifetime = Duration.ofSeconds(3);
    private Path settings = Path.of("/proc/sys/net");
    private Kernel kernel = new NativeKernel();
    private int nice;

    private Builder() {}

    /** Sets how virtual addresses are kept from outliving this process; automatic if not set. */
    public Builder addressMechanism(AddressMechanism mechanism) {
      this.mechanism = mechanism;
      return this;
    }

    /**
     * Sets the lifetime of addresses held by {@link AddressMechanism#REFRESHED_LIFETIME}: 2 s to 1
     * h, 3 s if not set. Whole seconds count. They are refreshed three times as often.
     */
    public Builder addressLifetime(Duration lifetime) {
      if (lifetime.compareTo(SHORTEST_LIFETIME) < 0 || lifetime.compareTo(LONGEST_LIFETIME) > 0) {
        throw new IllegalArgumentException(
            "address lifetime: " + lifetime + " (expected: PT2S-PT1H)");
      }
      this.addressLifetime = lifetime;
      return this;
    }

    /**
     * Sets the nice value of the thread that the adverts depend on, as keepalived's {@code
     * vrrp_priority} does: -20 to 0, 0 if not set, which leaves the thread as it is. With a lower
     * one it goes before the application, at a takeover too, where the application's clients wait.
     */
    public Builder nice(int nice) {
      if (nice < -20 || nice > 0) {
        throw new IllegalArgumentException("nice: " + nice + " (expected: -20-0)");
      }
      this.nice = nice;
      return this;
    }

    /** Sets the kernel, for tests. */
    Builder kernel(Kernel kernel) {
      this.kernel = kernel;
      return this;
    }

    /** Sets the directory of the network's settings, for tests. */
    Builder settings(Path settings) {
      this.settings = settings;
      return this;
    }

    /**
     * Opens it in the network namespace of the calling thread.
     *
     * @throws UnsupportedOperationException when this JVM can't make system calls, see {@link
     *     LinuxNative}
     */
    public LinuxHostNetwork open() throws HostNetworkException {
      if (kernel instanceof NativeKernel) {
        LinuxNative.ensureAvailability();
      }
      var waker = Waker.open(kernel);
      try {
        var route = RouteNetlink.open(kernel);
        try {
          return new LinuxHostNetwork(kernel, route, RouteMonitor.open(kernel), waker, this);
        } catch (HostNetworkException | RuntimeException failed) {
          route.close();
          throw failed;
        }
      } catch (HostNetworkException | RuntimeException failed) {
        waker.close();
        throw failed;
      }
    }
  }
}
