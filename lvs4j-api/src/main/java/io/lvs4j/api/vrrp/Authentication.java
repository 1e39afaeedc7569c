package io.lvs4j.api.vrrp;

import io.lvs4j.api.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** How routers know each other's adverts from a stranger's. */
public sealed interface Authentication
    permits Authentication.Password, Authentication.AuthenticationHeader, HmacAuthentication {

  /** Returns a password of 1 to 8 bytes, sent in clear text: keepalived's {@code PASS}. */
  static Authentication password(String text) {
    return new Password(text);
  }

  /**
   * Returns what keepalived means by {@code auth_type} and {@code auth_pass}. {@code AH} is refused
   * when the instance is built.
   */
  static Authentication of(String type, String secret) {
    return type.equals("PASS") ? password(secret) : new AuthenticationHeader(type);
  }

  /** Returns what is wrong; empty when nothing is. */
  List<Problem> problems();

  /**
   * A password that every listener on the link can read: it tells groups apart, and protects
   * against nobody. VRRPv2 only.
   *
   * @param text 1 to 8 bytes in UTF-8
   */
  record Password(String text) implements Authentication {
    /** Checks that there is a text. */
    public Password {
      Objects.requireNonNull(text, "text");
    }

    /** Returns the eight bytes that go into the packet. */
    public byte[] padded() {
      var bytes = new byte[8];
      var given = text.getBytes(StandardCharsets.UTF_8);
      System.arraycopy(given, 0, bytes, 0, Math.min(8, given.length));
      return bytes;
    }

    @Override
    public List<Problem> problems() {
      int length = text.getBytes(StandardCharsets.UTF_8).length;
      return length >= 1 && length <= 8
          ? List.of()
          : List.of(
              new Problem(
                  "password",
                  length + " bytes",
                  "1-8 bytes; keepalived uses only the first 8 of a longer one, so give those"));
    }

    /** Returns a text without the secret. */
    @Override
    public String toString() {
      return "PASS";
    }
  }

  /**
   * A type of authentication that is not spoken here, kept to be refused by name.
   *
   * @param type what was asked for, such as {@code AH}
   */
  record AuthenticationHeader(String type) implements Authentication {
    /** Checks that there is a type. */
    public AuthenticationHeader {
      Objects.requireNonNull(type, "type");
    }

    @Override
    public List<Problem> problems() {
      return List.of(
          new Problem(
              "authentication type",
              type,
              "PASS, or HMAC keys; AH is HMAC-MD5-96 of RFC 2338, withdrawn by RFC 3768"));
    }
  }
}
