package io.lvs4j.linux.socket;

import io.lvs4j.api.host.InternetChecksum;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** The IPv4 header of RFC 791, as adverts have it. */
final class Ipv4Header {
  static final int LENGTH = 20;
  // Version 4, header of five words; class selector 6, internet control, as VRRP adverts have it.
  private static final byte VERSION_AND_LENGTH = 0x45;
  private static final byte TYPE_OF_SERVICE = (byte) 0xc0;

  private Ipv4Header() {}

  /**
   * Returns a packet: the header and what follows. The kernel fills in total length and checksum on
   * a raw socket, raw(7), so both may be 0; they are set all the same.
   */
  static byte[] packet(
      InetAddress source,
      InetAddress destination,
      int identification,
      int timeToLive,
      byte[] message) {
    var packet =
        ByteBuffer.allocate(LENGTH + message.length)
            .put(VERSION_AND_LENGTH)
            .put(TYPE_OF_SERVICE)
            .putShort((short) (LENGTH + message.length))
            .putShort((short) identification)
            .putShort((short) 0)
            .put((byte) timeToLive)
            .put((byte) VrrpSockets.PROTOCOL)
            .putShort((short) 0)
            .put(source.getAddress())
            .put(destination.getAddress());
    int checksum = new InternetChecksum().add(packet.array(), 0, LENGTH).value();
    packet.putShort(10, (short) checksum);
    return packet.put(message).array();
  }
}
