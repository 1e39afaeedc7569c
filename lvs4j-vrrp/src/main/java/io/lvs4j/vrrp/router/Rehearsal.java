package io.lvs4j.vrrp.router;

import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.host.HostNetwork;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.InterfaceState;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.api.host.VrrpChannel;
import io.lvs4j.api.host.VrrpChannelSettings;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VirtualRouterId;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpVersion;
import io.lvs4j.vrrp.machine.Moment;
import io.lvs4j.vrrp.wire.MulticastGroups;
import io.lvs4j.vrrp.wire.VrrpV3;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Elections on a host that isn't there. A backup's code for taking over runs once in a blue moon,
 * and then at once: after a rehearsal its classes are loaded and their most used methods compiled.
 * It costs some tenths of a second of the start.
 */
final class Rehearsal implements HostNetwork, RouterClock {
  static final int ELECTIONS = 210;
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final String INTERFACE = "rehearsal";
  private static final Priority HIGHER = new Priority(200);
  private static final InetAddress OURS = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress THEIRS = InetAddress.ofLiteral("192.0.2.2");

  private long now;
  private int claims;
  private @Nullable VrrpChannel channel;
  private final Deque<HostEvent> arriving = new ArrayDeque<>();

  private Rehearsal() {}

  /**
   * Takes an instance through elections. Nothing of it is seen or told of.
   *
   * @return how often it became master
   */
  static int run() throws HostNetworkException {
    var host = new Rehearsal();
    var instance =
        VrrpInstance.builder("rehearsal")
            .networkInterface(INTERFACE)
            .virtualRouterId(1)
            .version(VrrpVersion.V3)
            .advertisementInterval(INTERVAL)
            .virtualAddress("192.0.2.100/24")
            .build();
    var settings = new RouterSettings(List.of(instance), List.of(), List.of(), List.of());
    var loop =
        new RouterLoop(
            settings,
            host,
            host,
            new RouterLog(_ -> {}, host),
            (_, _) -> {},
            settings.elections(settings.members()));
    loop.begin();
    for (int i = 0; i < ELECTIONS; i++) {
      var until = host.now + INTERVAL.multipliedBy(6).toNanos();
      while (host.now < until) {
        loop.turn();
      }
      host.arriving.add(host.advert(HIGHER));
      if (i % 2 == 0) {
        host.arriving.add(host.advert(Priority.STOPPING)); // the other half goes without a word
      }
    }
    loop.end();
    return host.claims;
  }

  private HostEvent advert(Priority priority) {
    var advert =
        new VrrpV3(
            new VirtualRouterId(1),
            priority,
            INTERVAL,
            List.of(InetAddress.ofLiteral("192.0.2.100")),
            VrrpV3.Coverage.PSEUDO_HEADER);
    return new HostEvent.MessageReceived(
        Objects.requireNonNull(channel),
        THEIRS,
        MulticastGroups.IPV4,
        255,
        advert.encode(THEIRS, MulticastGroups.IPV4));
  }

  @Override
  public Moment now() {
    return new Moment(now);
  }

  @Override
  public Instant timeOfDay() {
    return Instant.EPOCH.plusNanos(now);
  }

  @Override
  public Optional<InterfaceState> watch(String networkInterface) {
    return Optional.of(
        new InterfaceState(networkInterface, 1, true, true, 1500, Optional.empty(), List.of(OURS)));
  }

  @Override
  public VrrpChannel openVrrp(VrrpChannelSettings settings) {
    var opened =
        new VrrpChannel() {
          @Override
          public VrrpChannelSettings settings() {
            return settings;
          }

          @Override
          public void send(byte[] message, InetAddress destination) {
            // There is no link.
          }

          @Override
          public void close() {
            // There is no socket.
          }
        };
    channel = opened;
    return opened;
  }

  @Override
  public void claim(VirtualAddressClaim claim) {
    claims++; // there is no host to put it on
  }

  @Override
  public void release(VirtualAddressClaim claim) {
    // It was never put anywhere.
  }

  @Override
  public void announce(String networkInterface, InetAddress address) {
    // There is no link.
  }

  @Override
  public List<HostEvent> await(long deadlineNanos) {
    var event = arriving.poll();
    if (event != null) {
      return List.of(event);
    }
    now = Math.max(now, deadlineNanos);
    return List.of();
  }

  @Override
  public void wakeUp() {
    // Nobody waits.
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
