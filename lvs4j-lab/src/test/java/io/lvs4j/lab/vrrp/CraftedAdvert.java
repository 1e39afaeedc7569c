package io.lvs4j.lab.vrrp;

import io.lvs4j.api.host.HardwareAddress;
import io.lvs4j.lab.network.Host;
import io.lvs4j.vrrp.wire.MulticastGroups;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** An advert over IPv4 put together byte by byte, so that anything can be wrong with it. */
public final class CraftedAdvert {
  /** An address above all routers'. */
  static final Inet4Address HIGHER = Inet4Address.ofLiteral("10.77.0.99");

  /** An address below those of all routers but the first. */
  static final Inet4Address LOWER = Inet4Address.ofLiteral("10.77.0.1");

  private static final int IPV4_HEADER = 20;
  private static final HardwareAddress GROUP = new HardwareAddress(0x0100_5e00_0012L);

  private final int version;
  private final byte[] header;
  private String addresses = "0a4d0064";
  private String authentication;
  private Inet4Address source = HIGHER;
  private Inet4Address destination = MulticastGroups.IPV4;
  private HardwareAddress card = GROUP;
  private int ttl = 255;
  private int extra;
  private boolean messageOnly;
  private boolean corrupt;

  private CraftedAdvert(int version, int priority) {
    this.version = version;
    // The intervals are those of the routers under test: 200 ms and 1 s.
    this.header = HexFormat.of().parseHex(version == 3 ? "3133000100140000" : "2133000100010000");
    this.header[2] = (byte) priority;
    this.authentication = version == 3 ? "" : "00".repeat(8);
  }

  static CraftedAdvert version3(int priority) {
    return new CraftedAdvert(3, priority);
  }

  /** Begins an advert of virtual router 51 in version 2. */
  public static CraftedAdvert version2(int priority) {
    return new CraftedAdvert(2, priority);
  }

  CraftedAdvert set(int index, int value) {
    header[index] = (byte) value;
    return this;
  }

  CraftedAdvert addresses(String... hex) {
    addresses = String.join("", hex);
    return set(3, hex.length);
  }

  CraftedAdvert password(String text) {
    byte[] padded = Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), 8);
    authentication = HexFormat.of().formatHex(padded);
    return this;
  }

  CraftedAdvert from(Inet4Address address) {
    source = address;
    return this;
  }

  CraftedAdvert to(Host host) {
    destination = host.ipv4();
    card = host.card();
    return this;
  }

  CraftedAdvert ttl(int value) {
    ttl = value;
    return this;
  }

  CraftedAdvert append(int bytes) {
    extra = bytes;
    return this;
  }

  CraftedAdvert messageOnly() {
    messageOnly = true;
    return this;
  }

  CraftedAdvert corrupt() {
    corrupt = true;
    return this;
  }

  /** Returns the frame, as sent by a card. */
  public byte[] frame(Host sender) {
    byte[] message = message();
    byte[] packet =
        ByteBuffer.allocate(IPV4_HEADER + message.length)
            .putShort((short) 0x45c0)
            .putShort((short) (IPV4_HEADER + message.length))
            .putInt(0x0001_0000)
            .put((byte) ttl)
            .put((byte) 112)
            .putShort((short) 0)
            .put(source.getAddress())
            .put(destination.getAddress())
            .put(message)
            .array();
    sum(packet, 10, IPV4_HEADER, 0);
    var frame = ByteBuffer.allocate(14 + packet.length);
    mac(frame, card);
    mac(frame, sender.card());
    return frame.putShort((short) 0x0800).put(packet).array();
  }

  private byte[] message() {
    byte[] bytes =
        HexFormat.of().parseHex(HexFormat.of().formatHex(header) + addresses + authentication);
    long pseudo =
        version == 3 && !messageOnly
            ? words(source.getAddress(), 4)
                + words(destination.getAddress(), 4)
                + 112
                + bytes.length
            : 0;
    sum(bytes, 6, bytes.length, pseudo);
    bytes[6] ^= (byte) (corrupt ? 1 : 0);
    return Arrays.copyOf(bytes, bytes.length + extra);
  }

  private static void sum(byte[] bytes, int at, int length, long begin) {
    bytes[at] = 0;
    bytes[at + 1] = 0;
    long sum = begin + words(bytes, length);
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    ByteBuffer.wrap(bytes).putShort(at, (short) ~sum);
  }

  private static long words(byte[] bytes, int length) {
    long sum = 0;
    for (int i = 0; i < length; i += 2) {
      sum += (bytes[i] & 0xff) << 8 | (bytes[i + 1] & 0xff);
    }
    return sum;
  }

  private static void mac(ByteBuffer frame, HardwareAddress address) {
    frame.putShort((short) (address.value() >>> 32)).putInt((int) address.value());
  }
}
