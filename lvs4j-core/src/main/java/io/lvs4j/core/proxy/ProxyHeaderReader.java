package io.lvs4j.core.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Reads a PROXY header piece by piece. It keeps what the addresses need and skips what version 2
 * may send behind them, 64 KiB, so that a client who begins a header costs some bytes and not that.
 */
final class ProxyHeaderReader {
  private @Nullable ByteBuf kept;
  private ProxyHeaderDecoder.@Nullable Decoded decoded;
  private int toSkip;

  /**
   * Takes the header out of what has come, which leaves the bytes behind it readable.
   *
   * @return {@link ProxyHeaderDecoder.Incomplete} until all of it has come
   */
  ProxyHeaderDecoder.Result read(ByteBuf bytes) {
    if (decoded != null) {
      return skip(decoded, bytes);
    }
    int before = kept == null ? 0 : kept.readableBytes();
    var result = ProxyHeaderDecoder.decodeAddresses(kept == null ? bytes : append(kept, bytes));
    switch (result) {
      case ProxyHeaderDecoder.Decoded whole -> {
        decoded = whole;
        toSkip = whole.length() - before;
        return skip(whole, bytes);
      }
      case ProxyHeaderDecoder.Incomplete _ -> {
        if (kept == null) {
          kept = append(Unpooled.buffer(ProxyHeader.LONGEST_V1, ProxyHeader.LONGEST_V1), bytes);
        }
        bytes.skipBytes(bytes.readableBytes());
      }
      case ProxyHeaderDecoder.Malformed _ -> {}
    }
    return result;
  }

  private static ByteBuf append(ByteBuf kept, ByteBuf bytes) {
    int count = Math.min(bytes.readableBytes(), kept.writableBytes());
    return kept.writeBytes(bytes, bytes.readerIndex(), count);
  }

  private ProxyHeaderDecoder.Result skip(ProxyHeaderDecoder.Decoded whole, ByteBuf bytes) {
    int count = Math.min(toSkip, bytes.readableBytes());
    bytes.skipBytes(count);
    toSkip -= count;
    return toSkip == 0 ? whole : new ProxyHeaderDecoder.Incomplete();
  }
}
