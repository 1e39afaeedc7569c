package io.lvs4j.run;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code lvs4j run} is asked to do.
 *
 * @param file the keepalived.conf
 * @param check whether it is only read
 * @param vrrpOnly whether virtual servers are left to somebody else
 * @param strict whether a warning about it is reason enough to refuse it
 * @param plane which data plane
 * @param admin where the director shows itself; empty when it doesn't
 * @param configurationId what {@code @id} lines are for; empty: this host
 * @param adminHosts by which names clients may ask beside the address
 * @param drain how long open connections may take in the end
 */
record RunArguments(
    Path file,
    boolean check,
    boolean vrrpOnly,
    boolean strict,
    PlaneChoice plane,
    Optional<InetSocketAddress> admin,
    Optional<String> configurationId,
    Set<String> adminHosts,
    Duration drain) {
  RunArguments {
    adminHosts = Set.copyOf(adminHosts);
  }

  static final String USAGE =
      """
      usage: ./lvs4j run CONF [OPTION...]
        --check             read CONF and tell every problem; 0 if it would run here, 1 if not
        --vrrp              its VRRP instances only, as keepalived -P: no virtual server, no check
        --strict            refuse a CONF about which there is any warning
        --plane PLANE       auto (if not given), proxy or ipvs; with --check also any: don't ask
                            what this host can do
        -i, --config-id ID  read lines of the form @ID and not those of another id, as keepalived -i;
                            if not given: the name of this host up to its first dot
        --admin HOST:PORT   serve /status, /ipvs, /metrics and a page; a port alone: on loopback
        --admin-host NAME   a name by which --admin may be asked too, as behind a reverse proxy
        --drain SECONDS     how long open connections may take in the end: 0 to 3600, 5 if not given
      signals: SIGTERM and SIGINT leave cleanly, twice at once; SIGHUP reads CONF again
      """;

  private static final int LONGEST_DRAIN = 3600;

  static RunArguments of(List<String> arguments) throws UsageException {
    var words = new ArrayDeque<>(arguments);
    String file = null;
    boolean check = false;
    boolean vrrpOnly = false;
    boolean strict = false;
    var plane = PlaneChoice.AUTO;
    var admin = Optional.<InetSocketAddress>empty();
    var configurationId = Optional.<String>empty();
    var adminHosts = new HashSet<String>();
    var drain = Duration.ofSeconds(5);
    while (!words.isEmpty()) {
      var word = words.remove();
      switch (word) {
        case "--check" -> check = true;
        case "--vrrp" -> vrrpOnly = true;
        case "--strict" -> strict = true;
        case "--plane" -> plane = PlaneChoice.of(value(word, words.poll()));
        case "--admin" -> admin = Optional.of(address(value(word, words.poll())));
        case "-i", "--config-id" -> configurationId = Optional.of(value(word, words.poll()));
        case "--admin-host" -> adminHosts.add(value(word, words.poll()));
        case "--drain" ->
            drain = Duration.ofSeconds(number(word, value(word, words.poll()), LONGEST_DRAIN));
        default -> {
          if (word.startsWith("--") && word.contains("=")) {
            split(word, words);
          } else if (word.startsWith("-") && word.length() > 1) {
            throw new UsageException(
                "option: "
                    + word
                    + " (expected: --check, --vrrp, --strict, --plane, --admin, --admin-host,"
                    + " --config-id, -i or --drain)");
          } else if (file != null) {
            throw new UsageException(
                "configuration: " + file + " and " + word + " (expected: one file)");
          } else {
            file = word;
          }
        }
      }
    }
    if (file == null || file.isEmpty()) {
      throw new UsageException("configuration: none (expected: a keepalived.conf)");
    }
    if (plane == PlaneChoice.ANY && !check) {
      throw new UsageException("--plane: any (expected: with --check only)");
    }
    return new RunArguments(
        Path.of(file), check, vrrpOnly, strict, plane, admin, configurationId, adminHosts, drain);
  }

  private static void split(String word, Deque<String> words) {
    int equals = word.indexOf('=');
    words.addFirst(word.substring(equals + 1));
    words.addFirst(word.substring(0, equals));
  }

  private static String value(String option, @Nullable String value) throws UsageException {
    if (value == null || value.isEmpty()) {
      throw new UsageException(option + ": nothing (expected: a value behind it)");
    }
    return value;
  }

  private static int number(String option, String text, int most) throws UsageException {
    int number = text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
    if (number < 0 || number > most) {
      throw new UsageException(option + ": " + text + " (expected: 0-" + most + ")");
    }
    return number;
  }

  /** Reads {@code HOST:PORT}, {@code [ADDRESS]:PORT}, {@code :PORT} or {@code PORT}. */
  private static InetSocketAddress address(String text) throws UsageException {
    int colon = text.lastIndexOf(':');
    var host = colon < 0 ? "" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.contains(":")) {
      throw new UsageException("--admin: " + text + " (expected: [ADDRESS]:PORT for IPv6)");
    }
    int port = number("--admin: port", text.substring(colon + 1), 65_535);
    try {
      return new InetSocketAddress(
          host.isEmpty() ? InetAddress.ofLiteral("127.0.0.1") : InetAddress.getByName(host), port);
    } catch (UnknownHostException unknown) {
      throw new UsageException("--admin: " + text + " (expected: a host that is known)");
    }
  }
}
