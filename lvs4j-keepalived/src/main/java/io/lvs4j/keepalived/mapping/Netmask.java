package io.lvs4j.keepalived.mapping;

import io.lvs4j.keepalived.syntax.Word;
import java.util.Optional;

/** Reads netmasks. */
final class Netmask {
  private Netmask() {}

  /** Returns the length of the prefix that a mask such as 255.255.255.0 leaves. */
  static Optional<Integer> prefixLength(Word word, Values values) {
    var mask = Values.literal(word.text()).filter(address -> address.getAddress().length == 4);
    if (mask.isPresent()) {
      int bits = 0;
      for (byte part : mask.get().getAddress()) {
        bits = bits << 8 | (part & 0xff);
      }
      int prefix = Integer.bitCount(bits);
      // Java shifts by 32 as by 0.
      if (prefix == 0 || bits == -1 << (32 - prefix)) {
        return Optional.of(prefix);
      }
    }
    values.wrong(word, "persistence_granularity", "a netmask such as 255.255.255.0");
    return Optional.empty();
  }
}
