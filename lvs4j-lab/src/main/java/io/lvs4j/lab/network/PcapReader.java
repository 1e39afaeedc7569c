package io.lvs4j.lab.network;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a capture file that may still be written to: each call returns the frames that have become
 * whole since the last one. It knows the classic format of libpcap, on Ethernet.
 */
final class PcapReader {
  private static final int MICROSECONDS = 0xa1b2c3d4;
  private static final int NANOSECONDS = 0xa1b23c4d;
  private static final int ETHERNET = 1;
  private static final int FILE_HEADER = 24;
  private static final int RECORD_HEADER = 16;

  private final Path file;
  private @Nullable ByteOrder order;
  private int nanosPerUnit;
  private long position;

  PcapReader(Path file) {
    this.file = file;
  }

  List<Frame> read() {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (var input = new RandomAccessFile(file.toFile(), "r")) {
      input.seek(position);
      byte[] bytes = new byte[Math.toIntExact(input.length() - position)];
      input.readFully(bytes);
      return frames(ByteBuffer.wrap(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(file + " can't be read", e);
    }
  }

  private List<Frame> frames(ByteBuffer bytes) {
    if (order == null) {
      if (bytes.remaining() < FILE_HEADER) {
        return List.of();
      }
      header(bytes);
    } else {
      bytes.order(order);
    }
    var frames = new ArrayList<Frame>();
    while (bytes.remaining() >= RECORD_HEADER) {
      long seconds = Integer.toUnsignedLong(bytes.getInt());
      long units = Integer.toUnsignedLong(bytes.getInt());
      int captured = bytes.getInt();
      bytes.getInt(); // the length on the link
      if (bytes.remaining() < captured) {
        break;
      }
      byte[] frame = new byte[captured];
      bytes.get(frame);
      frames.add(new Frame(Instant.ofEpochSecond(seconds, units * nanosPerUnit), frame));
      position += RECORD_HEADER + captured;
    }
    return frames;
  }

  private void header(ByteBuffer bytes) {
    for (var candidate : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      int magic = bytes.order(candidate).getInt(0);
      if (magic == MICROSECONDS || magic == NANOSECONDS) {
        order = candidate;
        nanosPerUnit = magic == NANOSECONDS ? 1 : 1000;
        int link = bytes.getInt(20) & 0x0fffffff;
        if (link != ETHERNET) {
          throw new IllegalStateException(
              file + ": link type " + link + " (expected: 1, Ethernet)");
        }
        bytes.position(FILE_HEADER);
        position = FILE_HEADER;
        return;
      }
    }
    throw new IllegalStateException(file + ": no capture of libpcap");
  }
}
