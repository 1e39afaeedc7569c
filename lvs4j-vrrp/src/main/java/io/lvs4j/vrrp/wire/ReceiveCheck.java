package io.lvs4j.vrrp.wire;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.vrrp.Authentication;
import io.lvs4j.api.vrrp.HmacAuthentication;
import io.lvs4j.api.vrrp.HmacAuthentication.AntiReplay;
import io.lvs4j.api.vrrp.HmacAuthentication.Mode;
import io.lvs4j.api.vrrp.UnicastPeer;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpVersion;
import java.net.InetAddress;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether an instance believes an advert that is well formed (RFC 9568 section 7.1). An
 * advert that is refused changes nothing, no timer either.
 */
public final class ReceiveCheck {
  private static final int MULTICAST_TTL = 255;

  private final VrrpInstance instance;
  private final ReceivedAdvert received;
  private final Set<Reason> remarks = EnumSet.noneOf(Reason.class);

  private ReceiveCheck(VrrpInstance instance, ReceivedAdvert received) {
    this.instance = instance;
    this.received = received;
  }

  /** What came of the checks. */
  public sealed interface Outcome {}

  /**
   * The advert is believed.
   *
   * @param guard knows the advert's stamp
   * @param remarks what is odd about it nevertheless, for counters and a warning
   */
  public record Accepted(ReplayGuard guard, Set<Reason> remarks) implements Outcome {
    /** Copies the remarks. */
    public Accepted {
      remarks = Set.copyOf(remarks);
    }
  }

  /**
   * The advert is not believed.
   *
   * @param reason why, for a counter
   * @param detail what was found and expected, for a person
   */
  public record Rejected(Reason reason, String detail) implements Outcome {}

  /** Why an advert is not believed, or odd; each has a counter. */
  public enum Reason {
    /** Another virtual router's ({@code vrid_err}). */
    VIRTUAL_ROUTER_ID,
    /** The other family's. */
    ADDRESS_FAMILY,
    /** A TTL or hop limit that says it came through a router ({@code ip_ttl_err}). */
    TTL,
    /** The other version ({@code vers_err}). */
    VERSION,
    /** Authenticated in another way ({@code authtype_mismatch}). */
    AUTHENTICATION_TYPE_MISMATCH,
    /** A wrong password or signature ({@code auth_failure}). */
    AUTHENTICATION_FAILURE,
    /** A signature that was seen before, or is too old. */
    REPLAY,
    /** Another interval ({@code advert_interval_err}); in VRRPv3 a remark. */
    ADVERTISEMENT_INTERVAL,
    /** Multicast to a unicast instance, or the other way round. */
    DESTINATION,
    /** Not from one of the peers. */
    UNICAST_SOURCE,
    /** An address owner that takes no notice of others. */
    OWNER,
    /** Other virtual addresses ({@code addr_list_err}); a remark unless configured otherwise. */
    ADDRESS_LIST
  }

  /**
   * Decides whether to believe an advert.
   *
   * @param instance what we are configured to be
   * @param received the advert
   * @param guard knows the stamps of earlier adverts
   * @param timeOfDay now, to which signed time stamps have to be near
   */
  public static Outcome check(
      VrrpInstance instance, ReceivedAdvert received, ReplayGuard guard, Instant timeOfDay) {
    var check = new ReceiveCheck(instance, received);
    return check
        .identity()
        .or(check::ttl)
        .or(check::version)
        .or(() -> check.signature(guard, timeOfDay))
        .or(check::password)
        .or(check::interval)
        .or(check::destination)
        .or(check::addressList)
        .or(check::unicastSource)
        .map(Outcome.class::cast)
        .orElseGet(() -> new Accepted(check.known(guard), check.remarks));
  }

  private Optional<Rejected> identity() {
    var id = received.advert().virtualRouterId();
    if (!id.equals(instance.virtualRouterId())) {
      return rejected(Reason.VIRTUAL_ROUTER_ID, id, instance.virtualRouterId());
    }
    var family = AddressFamily.of(received.datagram().source());
    return family == instance.family()
        ? Optional.empty()
        : rejected(Reason.ADDRESS_FAMILY, family, instance.family());
  }

  private Optional<Rejected> ttl() {
    int ttl = received.datagram().timeToLive();
    if (instance.unicastPeers().isEmpty()) {
      return ttl == MULTICAST_TTL ? Optional.empty() : rejected(Reason.TTL, ttl, MULTICAST_TTL);
    }
    return peer()
        .filter(peer -> ttl < peer.leastTtl() || ttl > peer.mostTtl())
        .flatMap(peer -> rejected(Reason.TTL, ttl, peer.leastTtl() + "-" + peer.mostTtl()));
  }

  private Optional<Rejected> version() {
    var version = received.advert().version();
    return version == instance.version()
        ? Optional.empty()
        : rejected(Reason.VERSION, version, instance.version());
  }

  private Optional<Rejected> signature(ReplayGuard guard, Instant timeOfDay) {
    var trailer = received.signature().orElse(null);
    if (!(instance.authentication().orElse(null) instanceof HmacAuthentication hmac)) {
      return trailer == null
          ? Optional.empty()
          : rejected(Reason.AUTHENTICATION_TYPE_MISMATCH, "signed", "no signature");
    }
    if (trailer == null) {
      return hmac.mode() == Mode.ENFORCE
          ? rejected(Reason.AUTHENTICATION_TYPE_MISMATCH, "not signed", "a signature")
          : Optional.empty();
    }
    var key = hmac.key(trailer.keyId());
    if (key.isEmpty() || !trailer.isSignatureOf(received.datagram(), key.get())) {
      return rejected(
          Reason.AUTHENTICATION_FAILURE, "signature by key " + trailer.keyId(), "a valid one");
    }
    var window = hmac.timeWindowFor(instance.advertisementInterval());
    boolean stale =
        hmac.antiReplay() == AntiReplay.TIME && !trailer.stamp().isNear(timeOfDay, window);
    return stale || !guard.isFresh(received.datagram().source(), trailer.stamp())
        ? rejected(Reason.REPLAY, trailer.stamp(), "a later one")
        : Optional.empty();
  }

  private Optional<Rejected> password() {
    if (!(received.advert() instanceof VrrpV2 advert)) {
      return Optional.empty();
    }
    var ours =
        instance.authentication().orElse(null) instanceof Authentication.Password password
            ? VrrpV2.Password.of(password)
            : VrrpV2.Password.NONE;
    if (advert.authentication().present() != ours.present()) {
      return rejected(Reason.AUTHENTICATION_TYPE_MISMATCH, advert.authentication(), ours);
    }
    // One comparison of 64 bits takes the same time wherever the two differ.
    return advert.authentication().bits() == ours.bits()
        ? Optional.empty()
        : rejected(Reason.AUTHENTICATION_FAILURE, "another password", "ours");
  }

  private Optional<Rejected> interval() {
    var interval = received.advert().interval();
    if (interval.equals(instance.advertisementInterval())) {
      return Optional.empty();
    }
    if (instance.version() == VrrpVersion.V2) {
      return rejected(Reason.ADVERTISEMENT_INTERVAL, interval, instance.advertisementInterval());
    }
    remarks.add(Reason.ADVERTISEMENT_INTERVAL);
    return Optional.empty();
  }

  private Optional<Rejected> destination() {
    var destination = received.datagram().destination();
    boolean multicast = instance.unicastPeers().isEmpty();
    if (destination.isMulticastAddress() != multicast) {
      return rejected(
          Reason.DESTINATION,
          Endpoint.literal(destination),
          multicast ? "a multicast group" : "a unicast address");
    }
    boolean ignored = instance.priority().isOwner() && instance.isIgnoringAdvertsAsOwner();
    return ignored
        ? rejected(Reason.OWNER, "an advert", "none, as we own the addresses")
        : Optional.empty();
  }

  private Optional<Rejected> addressList() {
    var theirs = new HashSet<InetAddress>(received.advert().addresses());
    var ours = new HashSet<InetAddress>();
    instance.virtualAddresses().stream().map(VirtualAddress::address).forEach(ours::add);
    if (theirs.equals(ours)) {
      return Optional.empty();
    }
    // RFC erratum 8299: an advert without an address is to be ignored, and RFC 3768 section 7.1
    // lets an owner's list stand.
    boolean refused =
        theirs.isEmpty()
            || (instance.isAddressListChecked() && !received.advert().priority().isOwner());
    if (refused) {
      return rejected(Reason.ADDRESS_LIST, text(theirs), text(ours));
    }
    remarks.add(Reason.ADDRESS_LIST);
    return Optional.empty();
  }

  private Optional<Rejected> unicastSource() {
    if (instance.unicastPeers().isEmpty() || peer().isPresent()) {
      return Optional.empty();
    }
    boolean checked =
        instance.isUnicastSourceChecked()
            || instance.unicastPeers().stream().anyMatch(UnicastPeer::isTtlChecked);
    return checked
        ? rejected(
            Reason.UNICAST_SOURCE,
            Endpoint.literal(received.datagram().source()),
            instance.unicastPeers())
        : Optional.empty();
  }

  private Optional<UnicastPeer> peer() {
    return instance.unicastPeers().stream()
        .filter(peer -> peer.address().equals(received.datagram().source()))
        .findFirst();
  }

  private ReplayGuard known(ReplayGuard guard) {
    return received
        .signature()
        .map(trailer -> guard.with(received.datagram().source(), trailer.stamp()))
        .orElse(guard);
  }

  private static String text(Set<InetAddress> addresses) {
    return addresses.stream().map(Endpoint::literal).sorted().toList().toString();
  }

  private static Optional<Rejected> rejected(Reason reason, Object found, Object expected) {
    return Optional.of(new Rejected(reason, found + " (expected: " + expected + ")"));
  }
}
