package io.lvs4j.vrrp.wire;

import java.util.Objects;
import java.util.function.Function;

/**
 * What came of reading bytes: a value, or the reason why there is none. A bad packet is data, not
 * an exception.
 *
 * @param <T> what was to be read
 */
public sealed interface Decoding<T> {

  /**
   * The bytes were read.
   *
   * @param value what they said
   */
  record Decoded<T>(T value) implements Decoding<T> {
    /** Checks that there is a value. */
    public Decoded {
      Objects.requireNonNull(value, "value");
    }
  }

  /**
   * The bytes make no sense.
   *
   * @param reason why, for a counter
   * @param detail what was found and expected, for a person
   */
  record Malformed<T>(Reason reason, String detail) implements Decoding<T> {
    /** Checks that nothing is missing. */
    public Malformed {
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(detail, "detail");
    }
  }

  /** Why bytes make no sense; each has a counter. */
  enum Reason {
    /** Too short for what it says it holds, or too long ({@code packet_len_err}). */
    PACKET_LENGTH,
    /** Neither VRRPv2 nor VRRPv3 ({@code vers_err}). */
    VERSION,
    /** Not an advertisement ({@code invalid_type_rcvd}). */
    TYPE,
    /** The virtual router id is 0 ({@code vrid_err}). */
    VIRTUAL_ROUTER_ID,
    /** An authentication type that no RFC has ({@code invalid_authtype}). */
    AUTHENTICATION_TYPE,
    /** An IPsec authentication header, which is not spoken here. */
    AUTHENTICATION_HEADER,
    /** An interval of 0, which would make every backup master at once (RFC erratum 8301). */
    ADVERTISEMENT_INTERVAL,
    /** The checksum is wrong in every known convention ({@code checksum_err}). */
    CHECKSUM,
    /** An extension that is not a signature. */
    EXTENSION
  }

  /** Reads on with the value, if there is one. */
  default <U> Decoding<U> then(Function<? super T, Decoding<U>> next) {
    return switch (this) {
      case Decoded<T>(T value) -> next.apply(value);
      case Malformed<T>(Reason reason, String detail) -> new Malformed<>(reason, detail);
    };
  }
}
