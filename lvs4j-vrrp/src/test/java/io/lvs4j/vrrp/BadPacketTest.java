package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.vrrp.Authentication;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpState;
import io.lvs4j.vrrp.machine.Action;
import io.lvs4j.vrrp.machine.Event;
import io.lvs4j.vrrp.machine.Heard;
import io.lvs4j.vrrp.machine.LocalRouter;
import io.lvs4j.vrrp.machine.Machine;
import io.lvs4j.vrrp.machine.Moment;
import io.lvs4j.vrrp.machine.State;
import io.lvs4j.vrrp.machine.Step;
import io.lvs4j.vrrp.machine.Tracked;
import io.lvs4j.vrrp.wire.Advert;
import io.lvs4j.vrrp.wire.Datagram;
import io.lvs4j.vrrp.wire.Decoding;
import io.lvs4j.vrrp.wire.Decoding.Decoded;
import io.lvs4j.vrrp.wire.Decoding.Malformed;
import io.lvs4j.vrrp.wire.MulticastGroups;
import io.lvs4j.vrrp.wire.ReceiveCheck;
import io.lvs4j.vrrp.wire.ReceiveCheck.Accepted;
import io.lvs4j.vrrp.wire.ReceiveCheck.Rejected;
import io.lvs4j.vrrp.wire.ReceivedAdvert;
import io.lvs4j.vrrp.wire.ReplayGuard;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a master of priority 150 with the address 10.77.0.100 does about packets that were tried on
 * keepalived 2.2.7 in the same place. The outcome is the same, or better where it says so.
 */
class BadPacketTest {
  private static final InetAddress OURS = InetAddress.ofLiteral("10.77.0.2");
  private static final InetAddress HIGHER = InetAddress.ofLiteral("10.77.0.9");
  private static final InetAddress LOWER = InetAddress.ofLiteral("10.77.0.1");
  private static final Moment START = new Moment(0);
  private static final Moment NOW = START.plus(Duration.ofMillis(400));

  /** What is seen of the router after the packet. */
  enum Outcome {
    /** Nothing at all: no answer, no change, the timers as they were. */
    STAYS,
    /** A last advert, the addresses released: backup. */
    GIVES_WAY,
    /** An advert at once, and announcements. */
    DEFENDS,
    /** An advert at once. */
    ADVERTISES
  }

  record Row(String name, VrrpInstance instance, Datagram packet, Object reason, Outcome outcome) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final String NOTHING = "none";

  static Stream<Row> rows() {
    var v3 = Instances.version3().build();
    var v2 = Instances.version2().build();
    var pass = Instances.version2().authentication(Authentication.password("1111")).build();
    var unicast = Instances.version3().unicastPeer("10.77.0.9").build();
    var strict = Instances.version3().checkAddressList().build();
    return Stream.of(
        row("valid", v3, p3(200), NOTHING, Outcome.GIVES_WAY),
        // keepalived refuses what RFC 9568 says.
        row("message-only checksum", v3, p3(200).messageOnly(), NOTHING, Outcome.GIVES_WAY),
        row("corrupt checksum", v3, p3(200).corrupt(), Decoding.Reason.CHECKSUM, Outcome.STAYS),
        row("TTL 254", v3, p3(200).ttl(254), ReceiveCheck.Reason.TTL, Outcome.STAYS),
        row("version 2 to version 3", v3, p2(200), ReceiveCheck.Reason.VERSION, Outcome.STAYS),
        row("version 4", v3, p3(200).set(0, 0x41), Decoding.Reason.VERSION, Outcome.STAYS),
        row("type 2", v3, p3(200).set(0, 0x32), Decoding.Reason.TYPE, Outcome.STAYS),
        row(
            "unknown virtual router id",
            v3,
            p3(200).set(1, 52),
            ReceiveCheck.Reason.VIRTUAL_ROUTER_ID,
            Outcome.STAYS),
        row(
            "virtual router id 0",
            v3,
            p3(200).set(1, 0),
            Decoding.Reason.VIRTUAL_ROUTER_ID,
            Outcome.STAYS),
        // Two masters in keepalived 2.2.7.
        row(
            "other addresses",
            v3,
            p3(200).addresses("0a4d0065"),
            List.of(ReceiveCheck.Reason.ADDRESS_LIST),
            Outcome.GIVES_WAY),
        row(
            "more addresses",
            v3,
            p3(200).addresses("0a4d0064", "0a4d0065"),
            List.of(ReceiveCheck.Reason.ADDRESS_LIST),
            Outcome.GIVES_WAY),
        row(
            "other addresses where they are checked",
            strict,
            p3(200).addresses("0a4d0065"),
            ReceiveCheck.Reason.ADDRESS_LIST,
            Outcome.STAYS),
        row(
            "no addresses",
            v3,
            p3(200).addresses(),
            ReceiveCheck.Reason.ADDRESS_LIST,
            Outcome.STAYS),
        row(
            "2 bytes too long",
            v3,
            p3(200).append(2),
            Decoding.Reason.PACKET_LENGTH,
            Outcome.STAYS),
        row(
            "10 bytes too long",
            v3,
            p3(200).append(10),
            Decoding.Reason.PACKET_LENGTH,
            Outcome.STAYS),
        row(
            "28 bytes too long that are no signature",
            v3,
            p3(200).append(28),
            Decoding.Reason.EXTENSION,
            Outcome.STAYS),
        row("count too big", v3, p3(200).set(3, 2), Decoding.Reason.PACKET_LENGTH, Outcome.STAYS),
        // keepalived becomes backup, and master again 50 ms later: the flap attack.
        row(
            "interval 0",
            v3,
            p3(200).set(4, 0).set(5, 0),
            Decoding.Reason.ADVERTISEMENT_INTERVAL,
            Outcome.STAYS),
        row(
            "interval 3 s",
            v3,
            p3(200).set(4, 1).set(5, 0x2c),
            List.of(ReceiveCheck.Reason.ADVERTISEMENT_INTERVAL),
            Outcome.GIVES_WAY),
        row("reserved bits set", v3, p3(200).set(4, 0xf0), NOTHING, Outcome.GIVES_WAY),
        row("priority 0", v3, p3(0), NOTHING, Outcome.ADVERTISES),
        row("equal priority, lower address", v3, p3(150).from(LOWER), NOTHING, Outcome.DEFENDS),
        row("equal priority, higher address", v3, p3(150), NOTHING, Outcome.GIVES_WAY),
        row("priority 10", v3, p3(10), NOTHING, Outcome.DEFENDS),
        row("priority 255", v3, p3(255), NOTHING, Outcome.GIVES_WAY),
        row(
            "unicast to a multicast instance",
            v3,
            p3(200).to(OURS),
            ReceiveCheck.Reason.DESTINATION,
            Outcome.STAYS),
        row(
            "multicast to a unicast instance",
            unicast,
            p3(200),
            ReceiveCheck.Reason.DESTINATION,
            Outcome.STAYS),
        row("unicast with TTL 64", unicast, p3(200).to(OURS).ttl(64), NOTHING, Outcome.GIVES_WAY),
        row("version 2, valid", v2, p2(200), NOTHING, Outcome.GIVES_WAY),
        row(
            "version 2, interval 2 s",
            v2,
            p2(200).set(5, 2),
            ReceiveCheck.Reason.ADVERTISEMENT_INTERVAL,
            Outcome.STAYS),
        row(
            "version 2, interval 0",
            v2,
            p2(200).set(5, 0),
            Decoding.Reason.ADVERTISEMENT_INTERVAL,
            Outcome.STAYS),
        row(
            "version 2, authentication type 1",
            v2,
            p2(200).set(4, 1),
            ReceiveCheck.Reason.AUTHENTICATION_TYPE_MISMATCH,
            Outcome.STAYS),
        row(
            "version 2, authentication type 2",
            v2,
            p2(200).set(4, 2),
            Decoding.Reason.AUTHENTICATION_HEADER,
            Outcome.STAYS),
        row(
            "version 2, authentication type 3",
            v2,
            p2(200).set(4, 3),
            Decoding.Reason.AUTHENTICATION_TYPE,
            Outcome.STAYS),
        row(
            "version 2, no password",
            pass,
            p2(200),
            ReceiveCheck.Reason.AUTHENTICATION_TYPE_MISMATCH,
            Outcome.STAYS),
        row(
            "version 2, bad password",
            pass,
            p2(200).set(4, 1).password("1112"),
            ReceiveCheck.Reason.AUTHENTICATION_FAILURE,
            Outcome.STAYS),
        row(
            "version 2, password",
            pass,
            p2(200).set(4, 1).password("1111"),
            NOTHING,
            Outcome.GIVES_WAY),
        row(
            "version 2, bad checksum",
            v2,
            p2(200).corrupt(),
            Decoding.Reason.CHECKSUM,
            Outcome.STAYS),
        row(
            "version 2, other addresses",
            v2,
            p2(200).addresses("0a4d0065"),
            List.of(ReceiveCheck.Reason.ADDRESS_LIST),
            Outcome.GIVES_WAY));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aMasterDoesWhatKeepalivedDoesOrBetter(Row row) {
    var self = LocalRouter.of(row.instance(), OURS);
    var state = master(self);

    var reason = reason(row);
    var heard = heard(row);
    var step =
        heard == null
            ? new Step(state, List.of())
            : Machine.step(self, state, new Event.AdvertReceived(heard), NOW);
    var drained = Machine.step(self, step.state(), new Event.SocketDrained(), NOW);
    var actions =
        Stream.concat(step.actions().stream(), drained.actions().stream())
            .filter(action -> !(action instanceof Action.Notify))
            .toList();

    assertThat(reason).isEqualTo(row.reason());
    var advert = new Action.SendAdvert(new Priority(150));
    switch (row.outcome()) {
      case STAYS -> {
        assertThat(actions).isEmpty();
        assertThat(drained.state()).isEqualTo(state);
      }
      case GIVES_WAY -> {
        assertThat(actions).containsExactly(advert, new Action.ReleaseAddresses());
        assertThat(drained.state().name()).isEqualTo(VrrpState.BACKUP);
      }
      case DEFENDS -> {
        assertThat(actions).containsExactly(advert, new Action.Announce(5));
        assertThat(drained.state().name()).isEqualTo(VrrpState.MASTER);
      }
      case ADVERTISES -> {
        assertThat(actions).containsExactly(advert);
        assertThat(drained.state().name()).isEqualTo(VrrpState.MASTER);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aBackupsTimerIsNotTouchedByAPacketThatIsRefused(Row row) {
    if (row.outcome() != Outcome.STAYS) {
      return;
    }
    assertThat(heard(row)).isNull();
  }

  private static State master(LocalRouter self) {
    var backup =
        Machine.step(
                self, Machine.initial(Tracked.GOOD), new Event.Start(), START.minus(seconds(10)))
            .state();
    var due = backup.deadline().orElseThrow();
    var master = Machine.step(self, backup, new Event.SocketDrained(), due).state();
    var settled =
        Machine.step(self, master, new Event.SocketDrained(), due.plus(seconds(1))).state();
    assertThat(settled.name()).isEqualTo(VrrpState.MASTER);
    return move(settled, due.plus(seconds(1)));
  }

  /** Returns the same master with its last advert sent at the start. */
  private static State move(State state, Moment lastAdvert) {
    var by = lastAdvert.until(START);
    var master = (State.Master) state;
    return new State.Master(
        master.advertAt().plus(by),
        master.lastAdvertAt().plus(by),
        master.burst().map(b -> new State.Burst(b.at().plus(by), b.repeat(), b.again())),
        master.refreshAt().map(moment -> moment.plus(by)),
        false,
        new State.Others(
            master.others().answersPaidUntil().plus(by),
            master.others().preempted(),
            master.others().givesWayBy().plus(by)),
        master.tracked());
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static Object reason(Row row) {
    return switch (ReceivedAdvert.decode(row.packet())) {
      case Malformed<ReceivedAdvert> malformed -> malformed.reason();
      case Decoded<ReceivedAdvert>(ReceivedAdvert received) ->
          switch (check(row, received)) {
            case Rejected rejected -> rejected.reason();
            case Accepted accepted ->
                accepted.remarks().isEmpty() ? NOTHING : List.copyOf(accepted.remarks());
          };
    };
  }

  private static @Nullable Heard heard(Row row) {
    if (ReceivedAdvert.decode(row.packet()) instanceof Decoded<ReceivedAdvert>(var received)
        && check(row, received) instanceof Accepted) {
      Advert advert = received.advert();
      return new Heard(row.packet().source(), advert.priority(), advert.interval());
    }
    return null;
  }

  private static ReceiveCheck.Outcome check(Row row, ReceivedAdvert received) {
    return ReceiveCheck.check(row.instance(), received, ReplayGuard.forPeers(0), Instant.EPOCH);
  }

  private static Row row(
      String name, VrrpInstance instance, Packet packet, Object reason, Outcome outcome) {
    return new Row(name, instance, packet.build(), reason, outcome);
  }

  private static Packet p3(int priority) {
    return new Packet(3, priority);
  }

  private static Packet p2(int priority) {
    return new Packet(2, priority);
  }

  /** An advert put together byte by byte, so that anything can be wrong with it. */
  private static final class Packet {
    private final int version;
    private byte[] header;
    private String addresses = "0a4d0064";
    private String authentication;
    private InetAddress source = HIGHER;
    private InetAddress destination = MulticastGroups.IPV4;
    private int ttl = 255;
    private int extra;
    private boolean messageOnly;
    private boolean corrupt;

    Packet(int version, int priority) {
      this.version = version;
      this.header = HexFormat.of().parseHex(version == 3 ? "3133000100640000" : "2133000100010000");
      this.header[2] = (byte) priority;
      this.authentication = version == 3 ? "" : "00".repeat(8);
    }

    Packet set(int index, int value) {
      header[index] = (byte) value;
      return this;
    }

    Packet addresses(String... hex) {
      addresses = String.join("", hex);
      return set(3, hex.length);
    }

    Packet password(String text) {
      byte[] padded = Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), 8);
      authentication = HexFormat.of().formatHex(padded);
      return this;
    }

    Packet from(InetAddress address) {
      source = address;
      return this;
    }

    Packet to(InetAddress address) {
      destination = address;
      return this;
    }

    Packet ttl(int value) {
      ttl = value;
      return this;
    }

    Packet append(int bytes) {
      extra = bytes;
      return this;
    }

    Packet messageOnly() {
      messageOnly = true;
      return this;
    }

    Packet corrupt() {
      corrupt = true;
      return this;
    }

    Datagram build() {
      byte[] bytes =
          HexFormat.of().parseHex(HexFormat.of().formatHex(header) + addresses + authentication);
      long sum = version == 3 && !messageOnly ? pseudo(bytes.length) : 0;
      sum += words(bytes);
      while (sum >>> 16 != 0) {
        sum = (sum & 0xffff) + (sum >>> 16);
      }
      int checksum = (int) ~sum & 0xffff ^ (corrupt ? 0x0100 : 0);
      bytes[6] = (byte) (checksum >>> 8);
      bytes[7] = (byte) checksum;
      return Datagram.of(source, destination, ttl, Arrays.copyOf(bytes, bytes.length + extra));
    }

    private long pseudo(int length) {
      return words(source.getAddress()) + words(destination.getAddress()) + 112 + length;
    }

    private static long words(byte[] bytes) {
      long sum = 0;
      for (int i = 0; i < bytes.length; i += 2) {
        sum += (bytes[i] & 0xff) << 8 | (bytes[i + 1] & 0xff);
      }
      return sum;
    }
  }
}
