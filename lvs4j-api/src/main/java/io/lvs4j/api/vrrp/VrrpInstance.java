package io.lvs4j.api.vrrp;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One virtual router on one link: the addresses that it gives its master, and how this host takes
 * part in choosing it.
 *
 * <p>Immutable.
 */
public final class VrrpInstance {
  private final String name;
  private final Optional<String> networkInterface;
  private final VirtualRouterId virtualRouterId;
  private final Priority priority;
  private final VrrpVersion version;
  private final AddressFamily family;
  private final Duration advertisementInterval;
  private final boolean preempting;
  private final Duration preemptDelay;
  private final boolean startingAsMaster;
  private final int downTimerAdverts;
  private final Duration startUpDelay;
  private final Optional<InetAddress> sourceAddress;
  private final List<UnicastPeer> unicastPeers;
  private final int unicastTtl;
  private final Optional<InetAddress> multicastGroup;
  private final List<VirtualAddress> virtualAddresses;
  private final List<VirtualAddress> excludedAddresses;
  private final Optional<Authentication> authentication;
  private final ChecksumDialect checksum;
  private final Announcements announcements;
  private final List<Tracker> trackers;
  private final boolean ownInterfaceTracked;
  private final boolean addressListChecked;
  private final boolean unicastSourceChecked;
  private final boolean ignoringAdvertsAsOwner;
  private final boolean advertisingBeforeSteppingDown;
  private final boolean answeringLowerPriority;
  private final boolean stallGuarded;
  private final boolean handingOver;
  private final List<VrrpListener> listeners;

  private VrrpInstance(Builder builder) {
    this.name = builder.name;
    this.networkInterface = Optional.ofNullable(builder.networkInterface);
    this.virtualRouterId = new VirtualRouterId(builder.virtualRouterId);
    this.priority = new Priority(builder.priority);
    this.version = builder.version();
    this.family = builder.family();
    this.advertisementInterval = builder.advertisementInterval;
    this.preempting = builder.preempting;
    this.preemptDelay = builder.preemptDelay;
    this.startingAsMaster = builder.startingAsMaster;
    this.downTimerAdverts = builder.downTimerAdverts;
    this.startUpDelay = builder.startUpDelay;
    this.sourceAddress = Optional.ofNullable(builder.sourceAddress);
    this.unicastPeers = List.copyOf(builder.unicastPeers);
    this.unicastTtl = builder.unicastTtl;
    this.multicastGroup = Optional.ofNullable(builder.multicastGroup);
    this.virtualAddresses = List.copyOf(builder.virtualAddresses);
    this.excludedAddresses = List.copyOf(builder.excludedAddresses);
    this.authentication = Optional.ofNullable(builder.authentication);
    this.checksum = builder.checksum;
    this.announcements = builder.announcements;
    this.trackers = List.copyOf(builder.trackers);
    this.ownInterfaceTracked = builder.ownInterfaceTracked;
    this.addressListChecked = builder.addressListChecked;
    this.unicastSourceChecked = builder.unicastSourceChecked;
    this.ignoringAdvertsAsOwner = builder.ignoringAdvertsAsOwner;
    this.advertisingBeforeSteppingDown = builder.advertisingBeforeSteppingDown;
    this.answeringLowerPriority = builder.answeringLowerPriority;
    this.stallGuarded = builder.stallGuarded;
    this.handingOver = builder.handingOver;
    this.listeners = List.copyOf(builder.listeners);
  }

  /**
   * Begins an instance.
   *
   * @param name what events and messages call it, such as {@code VI_1}
   */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /** Returns the name that events and messages use. */
  public String name() {
    return name;
  }

  /** Returns the interface to speak on; empty with unicast from a source address alone. */
  public Optional<String> networkInterface() {
    return networkInterface;
  }

  /** Returns the number that the routers share. */
  public VirtualRouterId virtualRouterId() {
    return virtualRouterId;
  }

  /** Returns the priority before tracking. */
  public Priority priority() {
    return priority;
  }

  /** Returns the version of the protocol. */
  public VrrpVersion version() {
    return version;
  }

  /**
   * Says whether an advert may be for this instance as well as for another one of this host: they
   * have the same virtual router id on the same link, and neither who sends it nor how it is sent
   * tells them apart. Such two can't be run together.
   */
  public boolean sharesAdvertsWith(VrrpInstance other) {
    if (!virtualRouterId.equals(other.virtualRouterId) || family != other.family) {
      return false;
    }
    boolean sameLink =
        networkInterface.equals(other.networkInterface)
            && (networkInterface.isPresent() || sourceAddress.equals(other.sourceAddress));
    if (!sameLink || unicastPeers.isEmpty() != other.unicastPeers.isEmpty()) {
      return false;
    }
    if (unicastPeers.isEmpty()) {
      return groupInUse().equals(other.groupInUse());
    }
    boolean sameSource =
        sourceAddress.isEmpty()
            || other.sourceAddress.isEmpty()
            || sourceAddress.equals(other.sourceAddress);
    var theirs = other.unicastPeers.stream().map(UnicastPeer::address).toList();
    return sameSource && unicastPeers.stream().map(UnicastPeer::address).anyMatch(theirs::contains);
  }

  private InetAddress groupInUse() {
    return multicastGroup.orElseGet(
        () -> InetAddress.ofLiteral(family == AddressFamily.IPV6 ? "ff02::12" : "224.0.0.18"));
  }

  /** Returns the family of the addresses, and of the adverts. */
  public AddressFamily family() {
    return family;
  }

  /** Returns the time between two adverts. */
  public Duration advertisementInterval() {
    return advertisementInterval;
  }

  /** Says whether a master of lower priority is to give way. */
  public boolean isPreempting() {
    return preempting;
  }

  /** Returns how long a master of lower priority is left alone. */
  public Duration preemptDelay() {
    return preemptDelay;
  }

  /** Says whether an owner is master without listening first. */
  public boolean isStartingAsMaster() {
    return startingAsMaster;
  }

  /** Returns how many missing adverts make the master count as down. */
  public int downTimerAdverts() {
    return downTimerAdverts;
  }

  /** Returns how long adverts are not listened to after the start. */
  public Duration startUpDelay() {
    return startUpDelay;
  }

  /** Returns the source of adverts, when it is not the interface's first address. */
  public Optional<InetAddress> sourceAddress() {
    return sourceAddress;
  }

  /** Returns where adverts are sent; empty means to the multicast group. */
  public List<UnicastPeer> unicastPeers() {
    return unicastPeers;
  }

  /** Returns the TTL or hop limit of unicast adverts. */
  public int unicastTtl() {
    return unicastTtl;
  }

  /** Returns the group, when it is not the standard's. */
  public Optional<InetAddress> multicastGroup() {
    return multicastGroup;
  }

  /** Returns the addresses that move with the master and are named in adverts. */
  public List<VirtualAddress> virtualAddresses() {
    return virtualAddresses;
  }

  /** Returns the addresses that move with the master but are not named in adverts. */
  public List<VirtualAddress> excludedAddresses() {
    return excludedAddresses;
  }

  /** Returns how routers know each other's adverts. */
  public Optional<Authentication> authentication() {
    return authentication;
  }

  /** Returns the checksum of the VRRPv3 adverts that are sent over IPv4. */
  public ChecksumDialect checksum() {
    return checksum;
  }

  /** Returns how addresses are announced on the link. */
  public Announcements announcements() {
    return announcements;
  }

  /** Returns whatever decides whether the instance may be master. */
  public List<Tracker> trackers() {
    return trackers;
  }

  /** Says whether the instance is in FAULT while its own interface is down. */
  public boolean isOwnInterfaceTracked() {
    return ownInterfaceTracked;
  }

  /** Says whether adverts with other virtual addresses are refused. */
  public boolean isAddressListChecked() {
    return addressListChecked;
  }

  /** Says whether unicast adverts from others than the peers are refused. */
  public boolean isUnicastSourceChecked() {
    return unicastSourceChecked;
  }

  /** Says whether an owner takes no notice of other masters. */
  public boolean isIgnoringAdvertsAsOwner() {
    return ignoringAdvertsAsOwner;
  }

  /**
   * Says whether a master that gives way sends a last advert, which makes the new one announce
   * itself.
   */
  public boolean isAdvertisingBeforeSteppingDown() {
    return advertisingBeforeSteppingDown;
  }

  /** Says whether a master answers an advert of lower priority at once. */
  public boolean isAnsweringLowerPriority() {
    return answeringLowerPriority;
  }

  /**
   * Says whether a master that stood still gives way to whoever took over, when it is not to
   * preempt.
   */
  public boolean isStallGuarded() {
    return stallGuarded;
  }

  /**
   * Says whether a master that ends keeps its addresses after its last advert until a successor is
   * heard.
   */
  public boolean isHandingOver() {
    return handingOver;
  }

  /** Returns those that are told of the instance's events. */
  public List<VrrpListener> listeners() {
    return listeners;
  }

  /** Returns all addresses that move with the master, those named in adverts first. */
  public List<VirtualAddress> allAddresses() {
    var all = new ArrayList<>(virtualAddresses);
    all.addAll(excludedAddresses);
    return all;
  }

  /** Returns what is odd but allowed; empty when nothing is. */
  public List<Problem> warnings() {
    return InstanceWarnings.of(this);
  }

  private List<Object> fields() {
    return List.of(
        name,
        networkInterface,
        virtualRouterId,
        priority,
        version,
        family,
        advertisementInterval,
        preempting,
        preemptDelay,
        startingAsMaster,
        downTimerAdverts,
        startUpDelay,
        sourceAddress,
        unicastPeers,
        unicastTtl,
        multicastGroup,
        virtualAddresses,
        excludedAddresses,
        authentication,
        checksum,
        announcements,
        trackers,
        ownInterfaceTracked,
        addressListChecked,
        unicastSourceChecked,
        ignoringAdvertsAsOwner,
        advertisingBeforeSteppingDown,
        answeringLowerPriority,
        stallGuarded,
        handingOver,
        listeners);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VrrpInstance that && fields().equals(that.fields());
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, virtualRouterId, priority, virtualAddresses);
  }

  @Override
  public String toString() {
    return name + " (virtual router " + virtualRouterId + ", priority " + priority + ")";
  }

  /** Collects the settings of an instance; not safe for use by several threads at once. */
  public static final class Builder {
    final String name;
    final List<Problem> problems = new ArrayList<>();
    @Nullable String networkInterface;
    int virtualRouterId;
    int priority = 100;
    private @Nullable VrrpVersion version;
    Duration advertisementInterval = Duration.ofSeconds(1);
    boolean preempting = true;
    Duration preemptDelay = Duration.ZERO;
    boolean startingAsMaster = true;
    int downTimerAdverts = 3;
    Duration startUpDelay = Duration.ZERO;
    @Nullable InetAddress sourceAddress;
    final List<UnicastPeer> unicastPeers = new ArrayList<>();
    int unicastTtl = 255;
    @Nullable InetAddress multicastGroup;
    final List<VirtualAddress> virtualAddresses = new ArrayList<>();
    final List<VirtualAddress> excludedAddresses = new ArrayList<>();
    boolean withoutAddresses;
    @Nullable Authentication authentication;
    ChecksumDialect checksum = ChecksumDialect.KEEPALIVED;
    Announcements announcements = Announcements.defaults();
    final List<Tracker> trackers = new ArrayList<>();
    boolean ownInterfaceTracked = true;
    boolean addressListChecked;
    boolean unicastSourceChecked;
    boolean ignoringAdvertsAsOwner;
    boolean advertisingBeforeSteppingDown = true;
    boolean answeringLowerPriority = true;
    boolean stallGuarded = true;
    boolean handingOver = true;
    final List<VrrpListener> listeners = new ArrayList<>();

    private Builder(String name) {
      this.name = Objects.requireNonNull(name, "name");
    }

    /** Sets the interface to speak on and to put the addresses on, such as {@code eth0}. */
    public Builder networkInterface(String name) {
      this.networkInterface = Objects.requireNonNull(name, "name");
      return this;
    }

    /** Sets the number that the routers of this virtual router share: 1 to 255. */
    public Builder virtualRouterId(int virtualRouterId) {
      this.virtualRouterId = virtualRouterId;
      return this;
    }

    /** Sets the priority: 1 to 254, or 255 for the address owner; 100 if not set. */
    public Builder priority(int priority) {
      this.priority = priority;
      return this;
    }

    /** Sets the version of the protocol; 2 for IPv4 and 3 for IPv6 if not set, as keepalived. */
    public Builder version(VrrpVersion version) {
      this.version = Objects.requireNonNull(version, "version");
      return this;
    }

    /**
     * Sets the time between two adverts: whole seconds from 1 s to 255 s in VRRPv2, hundredths of a
     * second from 10 ms to 40.95 s in VRRPv3; 1 s if not set.
     */
    public Builder advertisementInterval(Duration interval) {
      this.advertisementInterval = Objects.requireNonNull(interval, "interval");
      return this;
    }

    /** Leaves a master in office whatever its priority ({@code nopreempt}). */
    public Builder noPreempt() {
      this.preempting = false;
      return this;
    }

    /** Leaves a master of lower priority in office for this long: 0 (if not set) to 1000 s. */
    public Builder preemptDelay(Duration delay) {
      this.preemptDelay = Objects.requireNonNull(delay, "delay");
      return this;
    }

    /** Lets an address owner listen first, where it would be master at once otherwise. */
    public Builder startAsBackup() {
      this.startingAsMaster = false;
      return this;
    }

    /**
     * Sets how many missing adverts make the master count as down: 1 to 100; 3 if not set, and for
     * all routers alike.
     */
    public Builder downTimerAdverts(int adverts) {
      this.downTimerAdverts = adverts;
      return this;
    }

    /** Waits after the start before listening for adverts: 0 (if not set) to 1 h. */
    public Builder startUpDelay(Duration delay) {
      this.startUpDelay = Objects.requireNonNull(delay, "delay");
      return this;
    }

    /** Sets the source of adverts; the interface's first address if not set. */
    public Builder sourceAddress(String address) {
      this.sourceAddress = IpLiteral.parse(problems, "source address", address);
      return this;
    }

    /** Sends adverts to this router by name, and not to the multicast group. */
    public Builder unicastPeer(String address) {
      var peer = UnicastPeer.parse(problems, address);
      return peer == null ? this : unicastPeer(peer);
    }

    /** Sends adverts to this router by name, and not to the multicast group. */
    public Builder unicastPeer(UnicastPeer peer) {
      unicastPeers.add(Objects.requireNonNull(peer, "peer"));
      return this;
    }

    /** Sets the TTL or hop limit of unicast adverts: 1 to 255; 255 if not set. */
    public Builder unicastTtl(int ttl) {
      this.unicastTtl = ttl;
      return this;
    }

    /** Sets the group that adverts are sent to; 224.0.0.18 or ff02::12 if not set. */
    public Builder multicastGroup(String address) {
      this.multicastGroup = IpLiteral.parse(problems, "multicast group", address);
      return this;
    }

    /** Adds an address, such as {@code 192.168.0.200/24}, that moves with the master. */
    public Builder virtualAddress(String address) {
      var parsed = VirtualAddress.parse(problems, address);
      return parsed == null ? this : virtualAddress(parsed);
    }

    /** Adds an address that moves with the master. All of them have to be of one family. */
    public Builder virtualAddress(VirtualAddress address) {
      virtualAddresses.add(Objects.requireNonNull(address, "address"));
      return this;
    }

    /** Adds an address of any family that moves with the master but is not named in adverts. */
    public Builder excludedAddress(String address) {
      var parsed = VirtualAddress.parse(problems, address);
      return parsed == null ? this : excludedAddress(parsed);
    }

    /** Adds an address of any family that moves with the master but is not named in adverts. */
    public Builder excludedAddress(VirtualAddress address) {
      excludedAddresses.add(Objects.requireNonNull(address, "address"));
      return this;
    }

    /** Only chooses a master: what moves is the listeners' business, such as a cloud's route. */
    public Builder noVirtualAddress() {
      this.withoutAddresses = true;
      return this;
    }

    /** Sets how routers know each other's adverts. */
    public Builder authentication(Authentication authentication) {
      this.authentication = Objects.requireNonNull(authentication, "authentication");
      return this;
    }

    /** Sets the checksum of VRRPv3 adverts sent over IPv4; keepalived's if not set. */
    public Builder checksum(ChecksumDialect checksum) {
      this.checksum = Objects.requireNonNull(checksum, "checksum");
      return this;
    }

    /** Sets how addresses are announced on the link. */
    public Builder announcements(Announcements announcements) {
      this.announcements = Objects.requireNonNull(announcements, "announcements");
      return this;
    }

    /** Lets something decide whether the instance may be master. */
    public Builder track(Tracker tracker) {
      trackers.add(Objects.requireNonNull(tracker, "tracker"));
      return this;
    }

    /** Takes no notice of the instance's own interface being down ({@code dont_track_primary}). */
    public Builder ownInterfaceNotTracked() {
      this.ownInterfaceTracked = false;
      return this;
    }

    /**
     * Refuses adverts whose virtual addresses are others, as keepalived did before 2.3.3. Two
     * masters are the usual outcome, so by default such adverts are believed and counted.
     */
    public Builder checkAddressList() {
      this.addressListChecked = true;
      return this;
    }

    /** Refuses unicast adverts that don't come from one of the peers. */
    public Builder checkUnicastSource() {
      this.unicastSourceChecked = true;
      return this;
    }

    /** Lets an owner take no notice of other masters ({@code owner_ignore_adverts}). */
    public Builder ignoreAdvertsAsOwner() {
      this.ignoringAdvertsAsOwner = true;
      return this;
    }

    /**
     * Gives way without a last advert, as keepalived does. When the new master then happens not to
     * have heard the old one, it doesn't announce itself and the addresses are out of reach until
     * its next refresh.
     */
    public Builder stepDownSilently() {
      this.advertisingBeforeSteppingDown = false;
      return this;
    }

    /** Leaves adverts of lower priority without an answer ({@code lower_prio_no_advert}). */
    public Builder leaveLowerPriorityUnanswered() {
      this.answeringLowerPriority = false;
      return this;
    }

    /** Lets a master that stood still go on even when it is not to preempt. */
    public Builder withoutStallGuard() {
      this.stallGuarded = false;
      return this;
    }

    /**
     * Gives the addresses up together with the last advert when the router is closed (RFC 9568
     * section 6.4.3, and keepalived). Without this they stay, and are served, until a successor is
     * heard, or none has come in the time that the weakest backup would need: the skew time of
     * priority 1, which is 0.996 advertisement intervals (of a second in VRRPv2), and 100 ms.
     * Closing the router takes as long.
     */
    public Builder releaseAtOnce() {
      this.handingOver = false;
      return this;
    }

    /** Tells this listener of the instance's events. */
    public Builder listener(VrrpListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /** Runs this when the virtual addresses have become ours. */
    public Builder onMaster(Consumer<? super VrrpEvent.Master> action) {
      Objects.requireNonNull(action, "action");
      return listener(
          new VrrpListener() {
            @Override
            public void onMaster(VrrpEvent.Master event) {
              action.accept(event);
            }
          });
    }

    /** Runs this when another router has the virtual addresses. */
    public Builder onBackup(Consumer<? super VrrpEvent.Backup> action) {
      Objects.requireNonNull(action, "action");
      return listener(
          new VrrpListener() {
            @Override
            public void onBackup(VrrpEvent.Backup event) {
              action.accept(event);
            }
          });
    }

    /** Runs this when this router has become unable to have the virtual addresses. */
    public Builder onFault(Consumer<? super VrrpEvent.Fault> action) {
      Objects.requireNonNull(action, "action");
      return listener(
          new VrrpListener() {
            @Override
            public void onFault(VrrpEvent.Fault event) {
              action.accept(event);
            }
          });
    }

    /** Runs this when the instance has ended. */
    public Builder onStop(Consumer<? super VrrpEvent.Stopped> action) {
      Objects.requireNonNull(action, "action");
      return listener(
          new VrrpListener() {
            @Override
            public void onStop(VrrpEvent.Stopped event) {
              action.accept(event);
            }
          });
    }

    /**
     * Returns the instance.
     *
     * @throws InvalidConfigurationException with every problem there is
     */
    public VrrpInstance build() {
      InvalidConfigurationException.throwIfAny(
          InstanceChecks.of(this).stream()
              .map(problem -> problem.within("VRRP instance " + name))
              .toList());
      return new VrrpInstance(this);
    }

    VrrpVersion version() {
      if (version != null) {
        return version;
      }
      return family() == AddressFamily.IPV6 ? VrrpVersion.V3 : VrrpVersion.V2;
    }

    AddressFamily family() {
      if (!virtualAddresses.isEmpty()) {
        return virtualAddresses.getFirst().family();
      }
      if (sourceAddress != null) {
        return AddressFamily.of(sourceAddress);
      }
      return unicastPeers.isEmpty()
          ? AddressFamily.IPV4
          : AddressFamily.of(unicastPeers.getFirst().address());
    }
  }
}
