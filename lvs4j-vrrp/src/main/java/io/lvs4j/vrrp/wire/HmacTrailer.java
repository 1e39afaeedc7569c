package io.lvs4j.vrrp.wire;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.vrrp.HmacKey;
import io.lvs4j.vrrp.wire.Decoding.Decoded;
import io.lvs4j.vrrp.wire.Decoding.Malformed;
import io.lvs4j.vrrp.wire.Decoding.Reason;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The 28 bytes behind a signed advert (keepalived 2.4.2, draft-cassen-vrrp-auth-hmac).
 *
 * @param keyId which key signed it, 0 to 255
 * @param stamp when it was signed
 * @param high the first half of the code
 * @param low the second half of the code
 */
public record HmacTrailer(int keyId, SigningStamp stamp, long high, long low) {
  /** The length of the trailer in bytes. */
  public static final int LENGTH = 28;

  private static final int EXTENSION_TYPE = 1;
  private static final int PREFIX = 12;
  private static final int PSEUDO_HEADER = 20;
  private static final int CHECKSUM_AT = 6;

  /** Reads the trailer at this place; that there are 28 bytes has been looked at. */
  static Decoding<HmacTrailer> decode(byte[] bytes, int offset) {
    int type = Bytes.u8(bytes, offset);
    if (type != EXTENSION_TYPE || Bytes.u16(bytes, offset + 2) != 0) {
      return new Malformed<>(Reason.EXTENSION, "type " + type + " (expected: 1, a signature)");
    }
    return new Decoded<>(
        new HmacTrailer(
            Bytes.u8(bytes, offset + 1),
            new SigningStamp(
                Bytes.u32(bytes, offset + 4),
                Bytes.u16(bytes, offset + 8),
                Bytes.u16(bytes, offset + 10)),
            Bytes.u64(bytes, offset + PREFIX),
            Bytes.u64(bytes, offset + PREFIX + 8)));
  }

  /** Returns the trailer for a message sent from an address. */
  public static HmacTrailer sign(
      byte[] message, InetAddress source, HmacKey key, SigningStamp stamp) {
    byte[] code =
        code(message, message.length, source, key, new HmacTrailer(key.id(), stamp, 0, 0));
    return new HmacTrailer(key.id(), stamp, Bytes.u64(code, 0), Bytes.u64(code, 8));
  }

  /** Says whether this is the signature of the advert in a packet by this key. */
  boolean isSignatureOf(Datagram datagram, HmacKey key) {
    byte[] payload = datagram.payload();
    byte[] code = code(payload, payload.length - LENGTH, datagram.source(), key, this);
    // Both halves are compared whatever the first one says, so that time tells nothing.
    return ((Bytes.u64(code, 0) ^ high) | (Bytes.u64(code, 8) ^ low)) == 0;
  }

  /** Returns the message with this trailer behind it. */
  public byte[] appendTo(byte[] message) {
    byte[] bytes = Arrays.copyOf(message, message.length + LENGTH);
    putPrefix(bytes, message.length);
    Bytes.put64(bytes, message.length + PREFIX, high);
    Bytes.put64(bytes, message.length + PREFIX + 8, low);
    return bytes;
  }

  private void putPrefix(byte[] bytes, int offset) {
    Bytes.put8(bytes, offset, EXTENSION_TYPE);
    Bytes.put8(bytes, offset + 1, keyId);
    Bytes.put32(bytes, offset + 4, stamp.seconds());
    Bytes.put16(bytes, offset + 8, stamp.fraction());
    Bytes.put16(bytes, offset + 10, stamp.counter());
  }

  /**
   * Returns the code over a pseudo header, the message with its checksum read as 0 and the trailer
   * with its code read as 0.
   */
  private static byte[] code(
      byte[] message, int length, InetAddress source, HmacKey key, HmacTrailer trailer) {
    byte[] bytes = new byte[PSEUDO_HEADER + length + LENGTH];
    Bytes.put8(bytes, 0, AddressFamily.of(source) == AddressFamily.IPV4 ? 4 : 6);
    Bytes.put8(bytes, 1, Bytes.u8(message, 0) >> 4);
    Bytes.put8(bytes, 2, Bytes.u8(message, 1));
    Bytes.put(bytes, 4, source);
    System.arraycopy(message, 0, bytes, PSEUDO_HEADER, length);
    Bytes.put16(bytes, PSEUDO_HEADER + CHECKSUM_AT, 0);
    trailer.putPrefix(bytes, PSEUDO_HEADER + length);
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.secret(), "HmacSHA256"));
      return mac.doFinal(bytes);
    } catch (GeneralSecurityException everyJavaHasIt) {
      throw new IllegalStateException("HmacSHA256", everyJavaHasIt);
    }
  }
}
