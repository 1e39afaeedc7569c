package io.lvs4j.vrrp.router;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.host.HostNetwork;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.InterfaceState;
import io.lvs4j.api.host.VrrpChannel;
import io.lvs4j.api.host.VrrpChannelSettings;
import io.lvs4j.api.vrrp.VirtualRouterId;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.vrrp.machine.Moment;
import io.lvs4j.vrrp.machine.Reading;
import io.lvs4j.vrrp.wire.MulticastGroups;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The interfaces that instances depend on, and the channels over them. A channel is opened when all
 * that it needs is there, and opened anew when its interface or its source address is another one.
 */
final class Links {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final HostNetwork network;
  private final RouterLog log;
  private final Map<String, Optional<InterfaceState>> interfaces = new LinkedHashMap<>();
  private final Map<SharedChannel.Key, SharedChannel> channels = new LinkedHashMap<>();
  private final Map<VrrpChannel, SharedChannel> byChannel = new HashMap<>();
  private final Map<SharedChannel.Key, String> refused = new HashMap<>();
  private Optional<Moment> retryAt = Optional.empty();

  Links(HostNetwork network, RouterLog log) {
    this.network = network;
    this.log = log;
  }

  /** Watches an interface from now on. */
  void watch(String networkInterface) throws HostNetworkException {
    if (!interfaces.containsKey(networkInterface)) {
      interfaces.put(networkInterface, network.watch(networkInterface));
    }
  }

  void changed(HostEvent.InterfaceChanged event) {
    interfaces.put(event.networkInterface(), event.state());
  }

  /** Returns how an interface is doing, as a tracker says it. */
  Reading reading(String networkInterface) {
    var fault = fault(networkInterface, true);
    return fault.isEmpty() ? new Reading.Good() : new Reading.Bad(fault.get());
  }

  Optional<SharedChannel> channel(VrrpChannel channel) {
    return Optional.ofNullable(byChannel.get(channel));
  }

  /**
   * Returns whom an advert is for. Several instances may have its number, each with peers of its
   * own, and not all on this channel, for one that differs in its TTL alone hears the same: then
   * the sender says which, and one that is nobody's peer is for none of them.
   */
  Optional<Member> addressee(SharedChannel channel, VirtualRouterId id, InetAddress sender) {
    var here = channel.members(id);
    var byPeer = here.stream().filter(member -> isPeer(member, sender)).findFirst();
    boolean alone =
        here.size() == 1
            && channels.values().stream()
                .filter(other -> !other.equals(channel))
                .filter(other -> hearsTheSame(other.key.settings(), channel.key.settings()))
                .allMatch(other -> other.members(id).isEmpty());
    return alone ? Optional.of(here.getFirst()) : byPeer;
  }

  private static boolean isPeer(Member member, InetAddress sender) {
    return member.instance.unicastPeers().stream().anyMatch(peer -> peer.address().equals(sender));
  }

  /** Says whether both hear the unicast to one address. */
  private static boolean hearsTheSame(VrrpChannelSettings one, VrrpChannelSettings other) {
    return one.group().isEmpty() && other.group().isEmpty() && one.source().equals(other.source());
  }

  /** Returns when channels that couldn't be opened are to be tried again. */
  Optional<Moment> retryAt() {
    return retryAt;
  }

  /** Begins a round of {@link #connect} for all instances. */
  void beginRound() {
    retryAt = Optional.empty();
    refused.clear();
  }

  /** Gives an instance the channel it should have by now, and says what is wrong with its links. */
  void connect(Member member, Moment now) {
    var instance = member.instance;
    var faults = new ArrayList<>(interfaceFaults(instance));
    var source = source(instance);
    var wanted = source.flatMap(address -> key(instance, address));
    var present = member.channel;
    if (present != null && !Optional.of(present.key).equals(wanted)) {
      leave(member, present);
    }
    if (source.isEmpty() && faults.isEmpty()) {
      faults.add(
          "interface "
              + instance.networkInterface().orElse("")
              + ": no "
              + (instance.family() == AddressFamily.IPV6 ? "link-local address" : "IPv4 address")
              + " to send adverts from");
    }
    member.source(source);
    if (wanted.isPresent() && member.channel == null) {
      join(member, wanted.get(), faults, now);
    }
    member.linkFaults = List.copyOf(faults);
  }

  private void join(Member member, SharedChannel.Key key, List<String> faults, Moment now) {
    var earlier = refused.get(key);
    var shared = channels.get(key);
    if (shared == null && earlier == null) {
      try {
        shared = new SharedChannel(key, network.openVrrp(key.settings()));
        channels.put(key, shared);
        byChannel.put(shared.channel, shared);
      } catch (HostNetworkException failure) {
        earlier = String.valueOf(failure.getMessage());
        refused.put(key, earlier);
        log.warn("channel " + key, earlier);
      } catch (RuntimeException | Error failed) {
        earlier = "channel: internal error: " + RouterLog.words(failed);
        refused.put(key, earlier);
        log.failed("channel " + key, failed);
      }
    }
    if (shared != null) {
      shared.join(member);
      member.channel = shared;
    } else {
      faults.add(String.valueOf(earlier));
      retryAt = Optional.of(now.plus(RETRY));
    }
  }

  /** Takes its channel from an instance that has ended. */
  void disconnect(Member member) {
    var shared = member.channel;
    if (shared != null) {
      leave(member, shared);
    }
  }

  private void leave(Member member, SharedChannel shared) {
    member.channel = null;
    if (shared.leave(member)) {
      channels.remove(shared.key);
      byChannel.remove(shared.channel);
      try {
        shared.channel.close();
      } catch (RuntimeException | Error failed) {
        log.failed("channel " + shared.key, failed);
      }
    }
  }

  private List<String> interfaceFaults(VrrpInstance instance) {
    var faults = new ArrayList<String>();
    instance
        .networkInterface()
        .flatMap(own -> fault(own, instance.isOwnInterfaceTracked()))
        .ifPresent(faults::add);
    for (var other : interfacesOfAddresses(instance)) {
      fault(other, true).ifPresent(faults::add);
    }
    return faults;
  }

  /** Returns the interfaces beside its own that an instance puts addresses on. */
  static Set<String> interfacesOfAddresses(VrrpInstance instance) {
    var names = new LinkedHashSet<String>();
    for (var address : instance.allAddresses()) {
      address.networkInterface().ifPresent(names::add);
    }
    instance.networkInterface().ifPresent(names::remove);
    return names;
  }

  private Optional<String> fault(String networkInterface, boolean tracked) {
    var state = interfaces.getOrDefault(networkInterface, Optional.empty());
    if (state.isEmpty()) {
      return Optional.of("interface " + networkInterface + ": not on this host");
    }
    if (!tracked || state.get().isUp()) {
      return Optional.empty();
    }
    return Optional.of(
        "interface "
            + networkInterface
            + (state.get().administrativelyUp() ? ": no carrier" : ": down"));
  }

  private Optional<InterfaceState> state(VrrpInstance instance) {
    return instance
        .networkInterface()
        .flatMap(name -> interfaces.getOrDefault(name, Optional.empty()));
  }

  private Optional<InetAddress> source(VrrpInstance instance) {
    if (instance.sourceAddress().isPresent()) {
      return instance.sourceAddress();
    }
    return state(instance)
        .flatMap(state ->
            switch (instance.family()) {
              case IPV4 -> state.primaryIpv4();
              case IPV6 -> state.linkLocalIpv6();
            });
  }

  private Optional<SharedChannel.Key> key(VrrpInstance instance, InetAddress source) {
    var state = state(instance);
    if (instance.networkInterface().isPresent() && state.isEmpty()) {
      return Optional.empty();
    }
    var settings =
        instance.unicastPeers().isEmpty()
            ? VrrpChannelSettings.multicast(
                instance.networkInterface().orElseThrow(),
                source,
                instance.multicastGroup().orElseGet(() -> MulticastGroups.of(instance.family())))
            : VrrpChannelSettings.unicast(
                instance.networkInterface(), source, instance.unicastTtl());
    return Optional.of(
        new SharedChannel.Key(
            settings,
            state.map(InterfaceState::index).orElse(0),
            state.filter(each -> each.addresses().contains(source)).isPresent()));
  }
}
