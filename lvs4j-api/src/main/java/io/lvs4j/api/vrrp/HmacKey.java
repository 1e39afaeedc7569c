package io.lvs4j.api.vrrp;

import io.lvs4j.api.Problem;
import io.lvs4j.api.Ranges;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A numbered secret of {@link HmacAuthentication}. */
public final class HmacKey {
  private final int id;
  private final byte[] secret;

  private HmacKey(int id, byte[] secret) {
    this.id = id;
    this.secret = secret;
  }

  /**
   * Returns a key.
   *
   * @param id 0 to 255, the same on all routers
   * @param secret 32 to 64 bytes; copied
   */
  public static HmacKey of(int id, byte[] secret) {
    return new HmacKey(id, secret.clone());
  }

  /** Returns the number by which adverts name the key. */
  public int id() {
    return id;
  }

  /** Returns a copy of the secret. */
  public byte[] secret() {
    return secret.clone();
  }

  List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    Ranges.number(problems, "HMAC key id", id, 0, 255);
    if (secret.length < 32 || secret.length > 64) {
      problems.add(new Problem("HMAC key " + id, secret.length + " bytes", "32-64 bytes"));
    }
    return problems;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HmacKey that
        && id == that.id
        && MessageDigest.isEqual(secret, that.secret);
  }

  @Override
  public int hashCode() {
    return 31 * id + Arrays.hashCode(secret);
  }

  /** Returns a text without the secret. */
  @Override
  public String toString() {
    return "key " + id;
  }
}
