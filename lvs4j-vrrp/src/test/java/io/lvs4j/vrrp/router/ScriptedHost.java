package io.lvs4j.vrrp.router;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.host.HardwareAddress;
import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.host.HostNetwork;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.InterfaceState;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.api.host.VrrpChannel;
import io.lvs4j.api.host.VrrpChannelSettings;
import io.lvs4j.vrrp.machine.Moment;
import io.lvs4j.vrrp.wire.Datagram;
import io.lvs4j.vrrp.wire.Decoding.Decoded;
import io.lvs4j.vrrp.wire.ReceivedAdvert;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A host in memory, with time that passes only while it is waited for. It writes down what is done
 * to it, each with the milliseconds since its beginning.
 */
final class ScriptedHost implements HostNetwork, RouterClock {
  static final InetAddress OURS = InetAddress.ofLiteral("10.77.0.1");
  static final InetAddress THEIRS = InetAddress.ofLiteral("10.77.0.2");
  static final InetAddress GROUP = InetAddress.ofLiteral("224.0.0.18");

  final List<String> done = new ArrayList<>();
  final Set<VirtualAddressClaim> held = new LinkedHashSet<>();
  final List<Channel> channels = new ArrayList<>();
  final Map<String, InterfaceState> interfaces = new HashMap<>();

  /** What is refused, by the first words of what would be written down. */
  Predicate<String> refusing = _ -> false;

  /** What fails by an error instead, by the first words of what would be written down. */
  Predicate<String> failing = _ -> false;

  Error error = new OutOfMemoryError("scripted");

  /** More of what is in the socket when it has been read empty; for floods. */
  Supplier<Optional<HostEvent>> more = Optional::empty;

  /** How long the process stands still when await returns next. */
  Duration stallOnReturn = Duration.ZERO;

  boolean closed;
  private boolean woken;
  private final Deque<HostEvent> socket = new ArrayDeque<>();
  private final PriorityQueue<Planned> plan =
      new PriorityQueue<>(Comparator.comparingLong(Planned::at).thenComparingInt(Planned::order));
  private long now;
  private Duration suspended = Duration.ZERO;
  private int planned;

  private record Planned(long at, int order, Runnable what) {}

  /** A channel in memory. */
  final class Channel implements VrrpChannel {
    final VrrpChannelSettings settings;
    boolean open = true;

    Channel(VrrpChannelSettings settings) {
      this.settings = settings;
    }

    @Override
    public VrrpChannelSettings settings() {
      return settings;
    }

    @Override
    public void send(byte[] message, InetAddress destination) throws HostNetworkException {
      var datagram = Datagram.of(settings.source(), destination, settings.hopLimit(), message);
      var advert = ((Decoded<ReceivedAdvert>) ReceivedAdvert.decode(datagram)).value().advert();
      write(
          "advert "
              + advert.virtualRouterId()
              + " "
              + advert.priority()
              + " > "
              + Endpoint.literal(destination));
    }

    @Override
    public void close() {
      open = false;
      done.add(millis() + " close");
    }
  }

  ScriptedHost() {
    plug("eth0", 2);
  }

  void plug(String name, int index) {
    interfaces.put(name, state(name, index, true));
  }

  static InterfaceState state(String name, int index, boolean carrier) {
    return new InterfaceState(
        name,
        index,
        true,
        carrier,
        1500,
        Optional.of(new HardwareAddress(0x02_00_00_00_00_01L)),
        List.of(OURS));
  }

  /** Does something so long after the beginning. */
  void at(Duration time, Runnable what) {
    plan.add(new Planned(time.toNanos(), planned++, what));
  }

  /** Lets an event be heard by the next call of await. */
  void happen(HostEvent event) {
    socket.add(event);
  }

  /** Lets an interface change, and be heard of. */
  void change(String name, Optional<InterfaceState> state) {
    state.ifPresentOrElse(each -> interfaces.put(name, each), () -> interfaces.remove(name));
    happen(new HostEvent.InterfaceChanged(name, state));
  }

  /** Lets a message be heard on the first open channel. */
  void hear(byte[] message, InetAddress source) {
    happen(message(message, source));
  }

  HostEvent message(byte[] message, InetAddress source) {
    var channel = channels.stream().filter(each -> each.open).findFirst().orElseThrow();
    return new HostEvent.MessageReceived(channel, source, GROUP, 255, message);
  }

  /** Stands still: time goes on, and the socket fills. */
  void stall(Duration length) {
    pass(now + length.toNanos());
  }

  /** Is suspended: only the time of day goes on. */
  void suspend(Duration length) {
    suspended = suspended.plus(length);
  }

  private void pass(long until) {
    while (!plan.isEmpty() && plan.peek().at <= until) {
      var next = plan.remove();
      now = Math.max(now, next.at);
      next.what.run();
    }
    now = Math.max(now, until);
  }

  private void write(String what) throws HostNetworkException {
    if (failing.test(what)) {
      done.add(millis() + " failed " + what);
      throw error;
    }
    if (refusing.test(what)) {
      done.add(millis() + " refused " + what);
      throw new HostNetworkException(what + ": EPERM");
    }
    done.add(millis() + " " + what);
  }

  long millis() {
    return Duration.ofNanos(now).toMillis();
  }

  /** Returns what was done, without the time. */
  List<String> deeds() {
    return done.stream().map(each -> each.substring(each.indexOf(' ') + 1)).toList();
  }

  @Override
  public Moment now() {
    return new Moment(now);
  }

  @Override
  public Instant timeOfDay() {
    return Instant.EPOCH.plusNanos(now).plus(suspended);
  }

  @Override
  public Optional<InterfaceState> watch(String networkInterface) {
    return Optional.ofNullable(interfaces.get(networkInterface));
  }

  @Override
  public VrrpChannel openVrrp(VrrpChannelSettings settings) throws HostNetworkException {
    write("open " + Endpoint.literal(settings.source()));
    var channel = new Channel(settings);
    channels.add(channel);
    return channel;
  }

  @Override
  public void claim(VirtualAddressClaim claim) throws HostNetworkException {
    write("claim " + Endpoint.literal(claim.address()));
    held.add(claim);
  }

  @Override
  public void release(VirtualAddressClaim claim) throws HostNetworkException {
    if (held.contains(claim)) {
      write("release " + Endpoint.literal(claim.address()));
      held.remove(claim);
    }
  }

  @Override
  public void announce(String networkInterface, InetAddress address) throws HostNetworkException {
    write("announce " + Endpoint.literal(address));
  }

  @Override
  public List<HostEvent> await(long deadlineNanos) throws HostNetworkException {
    if (refusing.test("await")) {
      pass(now + Duration.ofMillis(100).toNanos());
      throw new HostNetworkException("await: ENOBUFS");
    }
    if (failing.test("await")) {
      pass(now + Duration.ofMillis(100).toNanos());
      throw error;
    }
    while (socket.isEmpty() && !woken && !plan.isEmpty() && plan.peek().at <= deadlineNanos) {
      pass(plan.peek().at);
    }
    if (socket.isEmpty()) {
      more.get().ifPresent(socket::add);
    }
    if (socket.isEmpty() && !woken) {
      pass(deadlineNanos);
    }
    woken = false;
    var events = List.copyOf(socket);
    socket.clear();
    var stall = stallOnReturn;
    stallOnReturn = Duration.ZERO;
    stall(stall);
    return events;
  }

  @Override
  public void wakeUp() {
    woken = true;
  }

  @Override
  public void close() {
    closed = true;
  }
}
