package io.lvs4j.linux.socket;

import io.lvs4j.linux.kernel.Layouts;
import io.lvs4j.linux.kernel.Reception;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** What the kernel tells beside a message, {@code cmsg(3)}. */
final class ControlMessages {
  private final ByteBuffer bytes;

  private ControlMessages(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** Returns those of a message. */
  static ControlMessages of(Reception reception) {
    return new ControlMessages(
        ByteBuffer.wrap(reception.control(), 0, reception.controlLength())
            .order(ByteOrder.nativeOrder()));
  }

  /**
   * Returns the data of the first one of a kind.
   *
   * @param least how many bytes it has to have
   * @return empty when there is none, or a shorter one
   */
  Optional<ByteBuffer> data(int level, int type, int least) {
    int at = 0;
    while (bytes.limit() - at >= Layouts.CMSGHDR) {
      long length = bytes.getLong(at);
      if (length < Layouts.CMSGHDR || length > bytes.limit() - at) {
        return Optional.empty();
      }
      int dataLength = (int) length - Layouts.CMSGHDR;
      if (bytes.getInt(at + Layouts.CMSGHDR_LEVEL) == level
          && bytes.getInt(at + Layouts.CMSGHDR_TYPE) == type) {
        return dataLength < least
            ? Optional.empty()
            : Optional.of(
                bytes.slice(at + Layouts.CMSGHDR, dataLength).order(ByteOrder.nativeOrder()));
      }
      at += ((int) length + 7) & ~7;
    }
    return Optional.empty();
  }
}
