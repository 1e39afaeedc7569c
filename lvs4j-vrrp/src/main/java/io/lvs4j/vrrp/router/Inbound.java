package io.lvs4j.vrrp.router;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.host.HostEvent.MessageReceived;
import io.lvs4j.api.vrrp.AdvertError;
import io.lvs4j.api.vrrp.VirtualRouterId;
import io.lvs4j.vrrp.machine.Heard;
import io.lvs4j.vrrp.machine.Moment;
import io.lvs4j.vrrp.router.Tally.Count;
import io.lvs4j.vrrp.wire.Datagram;
import io.lvs4j.vrrp.wire.Decoding;
import io.lvs4j.vrrp.wire.Decoding.Decoded;
import io.lvs4j.vrrp.wire.Decoding.Malformed;
import io.lvs4j.vrrp.wire.ReceiveCheck;
import io.lvs4j.vrrp.wire.ReceiveCheck.Accepted;
import io.lvs4j.vrrp.wire.ReceiveCheck.Rejected;
import io.lvs4j.vrrp.wire.ReceivedAdvert;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Finds out whom a message is for and whether it is believed; counts and tells of what isn't. */
final class Inbound {
  private final Links links;
  private final RouterLog log;

  Inbound(Links links, RouterLog log) {
    this.links = links;
    this.log = log;
  }

  /** An advert that is believed. */
  record Believed(Member member, Heard advert) {}

  /**
   * Reads a message.
   *
   * @return empty when it is for none of our instances, or not believed
   */
  Optional<Believed> read(
      SharedChannel channel, MessageReceived event, Moment now, Instant timeOfDay) {
    var member = addressee(channel, event);
    if (member.isEmpty()) {
      channel.members().forEach(each -> each.tally.add(AdvertError.VIRTUAL_ROUTER_ID));
      return Optional.empty();
    }
    var datagram =
        Datagram.of(event.source(), event.destination(), event.hopLimit(), event.message());
    return switch (ReceivedAdvert.decode(datagram)) {
      case Malformed<ReceivedAdvert>(Decoding.Reason reason, String detail) -> {
        refused(member.get(), error(reason), event, detail);
        yield Optional.empty();
      }
      case Decoded<ReceivedAdvert>(ReceivedAdvert advert) ->
          check(member.get(), event, advert, now, timeOfDay);
    };
  }

  /**
   * The virtual router id is at the same place in both versions. A message without one of ours says
   * nothing about us; on a link with many virtual routers most are of that kind. They are counted,
   * at each instance of the link, and not logged.
   */
  private Optional<Member> addressee(SharedChannel channel, MessageReceived event) {
    byte[] message = event.message();
    int id = message.length < 2 ? 0 : message[1] & 0xff;
    return id == 0
        ? Optional.empty()
        : links.addressee(channel, new VirtualRouterId(id), event.source());
  }

  private Optional<Believed> check(
      Member member,
      MessageReceived event,
      ReceivedAdvert received,
      Moment now,
      Instant timeOfDay) {
    return switch (ReceiveCheck.check(member.instance, received, member.guard, timeOfDay)) {
      case Rejected(ReceiveCheck.Reason reason, String detail) -> {
        refused(member, error(reason), event, detail);
        yield Optional.empty();
      }
      case Accepted accepted -> {
        member.guard = accepted.guard();
        for (var remark : accepted.remarks()) {
          remarked(member, error(remark), event, received);
        }
        var advert = received.advert();
        member.tally.add(Count.ADVERTS_RECEIVED);
        if (advert.priority().isStopping()) {
          member.tally.add(Count.PRIORITY_ZERO_RECEIVED);
        }
        yield Optional.of(
            new Believed(
                member,
                new Heard(event.source(), advert.priority(), advert.interval(), age(event, now))));
      }
    };
  }

  private static Duration age(MessageReceived event, Moment now) {
    var arrived = event.arrivedNanos();
    if (arrived.isEmpty()) {
      return Duration.ZERO;
    }
    var age = new Moment(arrived.getAsLong()).until(now);
    return age.isNegative() ? Duration.ZERO : age;
  }

  private void refused(Member member, AdvertError error, MessageReceived event, String detail) {
    member.tally.add(error);
    log.warn(
        member.name() + " refused " + error,
        member.name()
            + ": advert from "
            + Endpoint.literal(event.source())
            + " refused: "
            + words(error)
            + ": "
            + detail);
  }

  private void remarked(
      Member member, AdvertError error, MessageReceived event, ReceivedAdvert received) {
    member.tally.add(error);
    var advert = received.advert();
    var detail =
        error == AdvertError.ADDRESS_LIST
            ? advert.addresses().stream().map(Endpoint::literal).toList()
                + " (expected: "
                + member.instance.virtualAddresses()
                + ")"
            : advert.interval() + " (expected: " + member.instance.advertisementInterval() + ")";
    log.warn(
        member.name() + " remarked " + error,
        member.name()
            + ": advert from "
            + Endpoint.literal(event.source())
            + " believed, but "
            + words(error)
            + ": "
            + detail);
  }

  private static String words(AdvertError error) {
    return error.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static AdvertError error(Decoding.Reason reason) {
    return switch (reason) {
      case PACKET_LENGTH -> AdvertError.PACKET_LENGTH;
      case VERSION -> AdvertError.VERSION;
      case TYPE -> AdvertError.TYPE;
      case VIRTUAL_ROUTER_ID -> AdvertError.VIRTUAL_ROUTER_ID;
      case AUTHENTICATION_TYPE -> AdvertError.AUTHENTICATION_TYPE;
      case AUTHENTICATION_HEADER -> AdvertError.AUTHENTICATION_HEADER;
      case ADVERTISEMENT_INTERVAL -> AdvertError.ADVERTISEMENT_INTERVAL;
      case CHECKSUM -> AdvertError.CHECKSUM;
      case EXTENSION -> AdvertError.EXTENSION;
    };
  }

  private static AdvertError error(ReceiveCheck.Reason reason) {
    return switch (reason) {
      case VIRTUAL_ROUTER_ID -> AdvertError.VIRTUAL_ROUTER_ID;
      case ADDRESS_FAMILY -> AdvertError.ADDRESS_FAMILY;
      case TTL -> AdvertError.TTL;
      case VERSION -> AdvertError.VERSION;
      case AUTHENTICATION_TYPE_MISMATCH -> AdvertError.AUTHENTICATION_TYPE_MISMATCH;
      case AUTHENTICATION_FAILURE -> AdvertError.AUTHENTICATION_FAILURE;
      case REPLAY -> AdvertError.REPLAY;
      case ADVERTISEMENT_INTERVAL -> AdvertError.ADVERTISEMENT_INTERVAL;
      case DESTINATION -> AdvertError.DESTINATION;
      case UNICAST_SOURCE -> AdvertError.UNICAST_SOURCE;
      case OWNER -> AdvertError.OWNER;
      case ADDRESS_LIST -> AdvertError.ADDRESS_LIST;
    };
  }
}
