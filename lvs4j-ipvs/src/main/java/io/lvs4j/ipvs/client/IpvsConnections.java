package io.lvs4j.ipvs.client;

import io.lvs4j.linux.netlink.Decoding;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import io.lvs4j.linux.netlink.IpBytes;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The kernel's table of connections. Netlink doesn't have it; it is read from {@code
 * /proc/net/ip_vs_conn} or {@code ip_vs_conn_sync}, ip_vs_conn.c. Reading it takes the kernel's
 * time with its size, some microseconds a connection.
 */
public final class IpvsConnections {
  /** The connections of the calling thread's network namespace. */
  public static final Path FILE = Path.of("/proc/thread-self/net/ip_vs_conn");

  /** The same, each with whether it was learnt from another director. */
  public static final Path SYNC_FILE = Path.of("/proc/thread-self/net/ip_vs_conn_sync");

  private static final String PLAIN = "Pro FromIP FPrt ToIP TPrt DestIP DPrt State Expires";
  private static final String ENGINES = PLAIN + " PEName PEData";
  private static final String SYNC = "Pro FromIP FPrt ToIP TPrt DestIP DPrt State Origin Expires";

  private IpvsConnections() {}

  /**
   * Reads all connections and templates, in the kernel's order.
   *
   * @param file {@link #FILE} or {@link #SYNC_FILE}
   * @throws IOException when it can't be read, such as on a kernel without IPVS, or has another
   *     form
   */
  public static List<IpvsConnection> read(Path file) throws IOException {
    var connections = new ArrayList<IpvsConnection>();
    forEach(file, connections::add);
    return connections;
  }

  /** Reads one connection after the other; for tables of millions. */
  public static void forEach(Path file, Consumer<IpvsConnection> consumer) throws IOException {
    // A persistence engine's data may be any bytes.
    try (var reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      String header = reader.readLine();
      boolean synced = synced(file, header == null ? "" : header);
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        switch (parse(line, synced)) {
          case Decoded<IpvsConnection>(var connection) -> consumer.accept(connection);
          case Malformed<IpvsConnection>(var reason) -> throw new IOException(file + ": " + reason);
        }
      }
    }
  }

  private static boolean synced(Path file, String header) throws IOException {
    String names = String.join(" ", header.strip().split(" +"));
    return switch (names) {
      case PLAIN, ENGINES -> false;
      case SYNC -> true;
      default ->
          throw new IOException(file + ": header '" + header + "' (expected: " + ENGINES + ")");
    };
  }

  /** Reads a line; {@code synced} says whether it is one of ip_vs_conn_sync. */
  static Decoding<IpvsConnection> parse(String line, boolean synced) {
    var words = new Words(line);
    String protocol = words.next();
    var client = address(words.next());
    int clientPort = port(words.next());
    var virtualAddress = address(words.next());
    int virtualPort = port(words.next());
    var destination = address(words.next());
    int destinationPort = port(words.next());
    String state = words.next();
    String origin = synced ? words.next() : "LOCAL";
    long expires = seconds(words.next());
    if (client.isEmpty()
        || virtualAddress.isEmpty()
        || destination.isEmpty()
        || clientPort < 0
        || virtualPort < 0
        || destinationPort < 0
        || expires < 0
        || !(origin.equals("SYNC") || origin.equals("LOCAL"))) {
      return new Malformed<>("connection: '" + line + "' (expected: as its header says)");
    }
    String engine = words.next();
    return new Decoded<>(
        new IpvsConnection(
            protocol,
            client.get(),
            clientPort,
            virtualAddress.get(),
            virtualPort,
            destination.get(),
            destinationPort,
            state,
            Duration.ofSeconds(expires),
            engine.isEmpty()
                ? Optional.empty()
                : Optional.of(new IpvsConnection.EngineData(engine, words.rest())),
            synced ? Optional.of(origin.equals("SYNC")) : Optional.empty()));
  }

  /** Returns an address: 8 digits of IPv4, or 8 groups of 4 digits of IPv6; all hexadecimal. */
  private static Optional<InetAddress> address(String text) {
    String digits = text.length() == 39 ? text.replace(":", "") : text;
    if (digits.length() != 8 && digits.length() != 32) {
      return Optional.empty();
    }
    byte[] bytes = new byte[digits.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      int high = Character.digit(digits.charAt(2 * i), 16);
      int low = Character.digit(digits.charAt(2 * i + 1), 16);
      if (high < 0 || low < 0) {
        return Optional.empty();
      }
      bytes[i] = (byte) (high << 4 | low);
    }
    return Optional.of(IpBytes.address(bytes));
  }

  private static int port(String text) {
    return text.length() == 4 ? (int) number(text, 16) : -1;
  }

  private static long seconds(String text) {
    return text.length() <= 10 ? number(text, 10) : -1;
  }

  private static long number(String text, int radix) {
    long value = 0;
    for (char digit : text.toUpperCase(Locale.ROOT).toCharArray()) {
      int next = Character.digit(digit, radix);
      if (next < 0) {
        return -1;
      }
      value = value * radix + next;
    }
    return text.isEmpty() ? -1 : value;
  }

  /** The words of a line, one after the other; empty ones after the last. */
  private static final class Words {
    private final String line;
    private int at;

    Words(String line) {
      this.line = line;
    }

    String next() {
      while (at < line.length() && line.charAt(at) == ' ') {
        at++;
      }
      int end = line.indexOf(' ', at);
      String word = line.substring(at, end < 0 ? line.length() : end);
      at = end < 0 ? line.length() : end;
      return word;
    }

    /** Returns what follows the one space after the last word. */
    String rest() {
      return at < line.length() ? line.substring(at + 1) : "";
    }
  }
}
