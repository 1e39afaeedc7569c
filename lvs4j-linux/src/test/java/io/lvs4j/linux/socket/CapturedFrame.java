package io.lvs4j.linux.socket;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** An Ethernet frame that keepalived 2.2.7, or its neighbour, sent. */
record CapturedFrame(String section, int line, byte[] bytes) {
  private static final int ETHERNET = 14;
  private static final int VRRP = 112;

  static Stream<CapturedFrame> all() {
    return Stream.of("golden.txt", "golden6.txt").flatMap(file -> read(file).stream());
  }

  static Stream<CapturedFrame> ipv4Adverts() {
    return all().filter(frame -> frame.etherType() == 0x0800 && frame.bytes[23] == VRRP);
  }

  static Stream<CapturedFrame> gratuitousArps() {
    return all().filter(frame -> frame.isArp() && frame.isToOnes());
  }

  static Stream<CapturedFrame> ordinaryArps() {
    return all().filter(frame -> frame.isArp() && !frame.isToOnes());
  }

  static Stream<CapturedFrame> unsolicitedAdvertisements() {
    return all()
        .filter(frame -> frame.etherType() == 0x86dd && frame.bytes[20] != VRRP)
        .filter(frame -> frame.bytes[0] == 0x33);
  }

  private boolean isArp() {
    return etherType() == 0x0806;
  }

  /** Says whether ARP's target is ones: keepalived's announcements have that. */
  private boolean isToOnes() {
    return bytes[32] == -1;
  }

  private int etherType() {
    return ByteBuffer.wrap(bytes).getShort(12) & 0xffff;
  }

  /** Returns a part of the frame. */
  byte[] part(int offset, int length) {
    byte[] part = new byte[length];
    System.arraycopy(bytes, offset, part, 0, length);
    return part;
  }

  /** Returns what follows the Ethernet header. */
  byte[] packet() {
    return part(ETHERNET, bytes.length - ETHERNET);
  }

  private static List<CapturedFrame> read(String file) {
    var frames = new ArrayList<CapturedFrame>();
    var stream =
        Objects.requireNonNull(CapturedFrame.class.getResourceAsStream("/captures/" + file));
    try (var reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII))) {
      var section = file;
      int line = 0;
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        line++;
        if (text.startsWith("#####")) {
          section = text.substring(6);
        } else if (!text.isBlank()) {
          frames.add(new CapturedFrame(section, line, HexFormat.of().parseHex(text.split(" ")[1])));
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return frames;
  }

  @Override
  public String toString() {
    return section + " line " + line;
  }
}
