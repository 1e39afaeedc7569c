package io.lvs4j.spring.boot;

import io.lvs4j.api.vrrp.ChecksumDialect;
import io.lvs4j.api.vrrp.HmacAuthentication;
import io.lvs4j.api.vrrp.VrrpVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/**
 * The properties of a VRRP instance.
 *
 * @param networkInterface the network interface to speak on and to put the addresses on, such as
 *     "eth0"
 * @param virtualRouterId the number that the routers of this virtual router share, 1 to 255
 * @param priority 1 to 254, or 255 for the address owner; 100 if not set
 * @param version the version of VRRP; 2 for IPv4 and 3 for IPv6 if not set
 * @param advertisementInterval the time between two adverts; 1 s if not set
 * @param preempt whether a master of lower priority has to give way; true if not set
 * @param preemptDelay how long a master of lower priority may stay
 * @param startAsBackup whether an address owner listens first
 * @param downTimerAdverts how many missing adverts make the master count as down; 3 if not set
 * @param startUpDelay how long to wait after the start before listening
 * @param sourceAddress the source of adverts; the interface's first address if not set
 * @param unicastPeers the routers to which adverts are sent by name, in place of multicast
 * @param unicastTtl the TTL of unicast adverts; 255 if not set
 * @param multicastGroup the group that adverts are sent to, when it is not the standard's
 * @param virtualAddresses the addresses that move with the master, such as "192.168.0.200/24"
 * @param excludedAddresses addresses that move with the master but are not named in adverts
 * @param noVirtualAddress whether only a master is chosen, and no address moves
 * @param authentication how routers know each other's adverts
 * @param checksum what the checksum of VRRPv3 adverts over IPv4 covers; keepalived's if not set
 * @param announcements how addresses are announced on the link
 * @param trackers what decides whether the instance may be master
 * @param trackOwnInterface whether the instance is in FAULT while its interface is down; true if
 *     not set
 * @param checkAddressList whether adverts with other virtual addresses are refused
 * @param checkUnicastSource whether unicast adverts of others than the peers are refused
 * @param ignoreAdvertsAsOwner whether an owner takes no notice of other masters
 * @param stepDownSilently whether a master gives way without a last advert
 * @param answerLowerPriority whether a master answers an advert of lower priority; true if not set
 * @param stallGuard whether a master that stood still gives way to who took over; true if not set
 * @param releaseAtOnce whether a master that ends takes its addresses off before a successor is
 *     heard
 */
public record VrrpInstanceProperties(
    @Name("interface") @Nullable String networkInterface,
    @Nullable Integer virtualRouterId,
    @Nullable Integer priority,
    @Nullable VrrpVersion version,
    @Nullable Duration advertisementInterval,
    @Nullable Boolean preempt,
    @Nullable Duration preemptDelay,
    @Nullable Boolean startAsBackup,
    @Nullable Integer downTimerAdverts,
    @Nullable Duration startUpDelay,
    @Nullable String sourceAddress,
    @DefaultValue List<String> unicastPeers,
    @Nullable Integer unicastTtl,
    @Nullable String multicastGroup,
    @DefaultValue List<String> virtualAddresses,
    @DefaultValue List<String> excludedAddresses,
    @Nullable Boolean noVirtualAddress,
    @Nullable Authentication authentication,
    @Nullable ChecksumDialect checksum,
    @Nullable Announcements announcements,
    @DefaultValue List<Tracker> trackers,
    @Nullable Boolean trackOwnInterface,
    @Nullable Boolean checkAddressList,
    @Nullable Boolean checkUnicastSource,
    @Nullable Boolean ignoreAdvertsAsOwner,
    @Nullable Boolean stepDownSilently,
    @Nullable Boolean answerLowerPriority,
    @Nullable Boolean stallGuard,
    @Nullable Boolean releaseAtOnce) {

  /**
   * How routers know each other's adverts: by a password or by HMAC keys.
   *
   * @param password 1 to 8 bytes, sent in clear text; VRRPv2 only
   * @param keys HMAC keys, all of which are accepted
   * @param activeKey the id of the key to sign with; that of the first if not set
   * @param antiReplay what makes a repeated advert known; the time of day if not set
   * @param timeWindow how far a time stamp may be off
   * @param mode whether adverts without a signature are accepted; they are not if not set
   */
  public record Authentication(
      @Nullable String password,
      @DefaultValue List<Key> keys,
      @Nullable Integer activeKey,
      HmacAuthentication.@Nullable AntiReplay antiReplay,
      @Nullable Duration timeWindow,
      HmacAuthentication.@Nullable Mode mode) {
    /** Says nothing of the secrets. */
    @Override
    public String toString() {
      return "Authentication[" + (password == null ? keys.size() + " keys" : "password") + "]";
    }
  }

  /**
   * An HMAC key.
   *
   * @param id 0 to 255, the same on all routers
   * @param secret 64 to 128 hexadecimal digits
   */
  public record Key(@DefaultValue("0") int id, @Nullable String secret) {
    /** Says nothing of the secret. */
    @Override
    public String toString() {
      return "Key[" + id + "]";
    }
  }

  /**
   * How addresses are announced on the link.
   *
   * @param repeat how often each address is announced in a burst
   * @param delay the time to the second burst; none if 0
   * @param refresh the time between periodic announcements; none if 0
   * @param refreshRepeat how often each address is announced each time
   * @param lowerPriorityRepeat the size of the burst after an advert of lower priority
   * @param lowerPriorityDelay the time to the second burst after an advert of lower priority
   * @param spacing the least time between two packets on one interface
   */
  public record Announcements(
      @DefaultValue("5") int repeat,
      @DefaultValue("5s") Duration delay,
      @DefaultValue("1s") Duration refresh,
      @DefaultValue("1") int refreshRepeat,
      @Nullable Integer lowerPriorityRepeat,
      @Nullable Duration lowerPriorityDelay,
      @DefaultValue("0s") Duration spacing) {}

  /**
   * Something whose health decides whether an instance may be master: one of an interface, a
   * script, a file, the quorum of a virtual server or of all, or a bean.
   *
   * @param name what messages call it; what is looked at if not set
   * @param networkInterface a network interface that has to be up
   * @param script a program and its arguments, which has to end with status 0
   * @param user the user, or user:group, that the program runs as
   * @param file a file with a number that is added to the priority
   * @param quorum the name of a virtual server that has to have quorum, or "*" for all of them
   * @param bean the name of a bean, an io.lvs4j.api.vrrp.Tracker
   * @param weight by what the priority changes, -253 to 253; 0 makes a failure a FAULT
   * @param reversed whether good and bad are exchanged
   * @param every the time from one look to the next; 1 s if not set
   * @param timeout the time after which no answer is a failure; that between two looks if not set
   * @param rise how many good answers in a row make it good; 1 if not set
   * @param fall how many bad answers in a row make it bad; 1 if not set
   * @param failedAtFirst whether it counts as failed until it has been found good
   */
  public record Tracker(
      @Nullable String name,
      @Name("interface") @Nullable String networkInterface,
      @DefaultValue List<String> script,
      @Nullable String user,
      @Nullable Path file,
      @Nullable String quorum,
      @Nullable String bean,
      @Nullable Integer weight,
      @Nullable Boolean reversed,
      @Nullable Duration every,
      @Nullable Duration timeout,
      @Nullable Integer rise,
      @Nullable Integer fall,
      @Nullable Boolean failedAtFirst) {}

  /**
   * Instances that are master together or not at all.
   *
   * @param instances the names of the instances
   * @param trackers what is tracked for all of them
   * @param weightedTracking whether trackers change the priorities of the instances
   */
  public record Group(
      @DefaultValue List<String> instances,
      @DefaultValue List<Tracker> trackers,
      @Nullable Boolean weightedTracking) {}
}
