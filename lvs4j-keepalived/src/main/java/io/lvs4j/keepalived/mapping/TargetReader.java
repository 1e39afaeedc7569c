package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.diagnostic.Suggestions;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.Word;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what virtual servers are for: addresses, marks, and groups of them. */
final class TargetReader {
  /** More addresses are a mistake: each is a virtual server of its own. */
  private static final int MOST = 65_536;

  private final Diagnostics diagnostics;
  private final Values values;
  private final Map<String, List<Target>> groups = new HashMap<>();
  private int inGroups;

  TargetReader(MappingContext context) {
    this.diagnostics = context.diagnostics();
    this.values = context.values();
  }

  /** Reads a {@code virtual_server_group}. */
  void group(Statement statement) {
    var name = values.word(statement, "a name");
    if (name.isEmpty()) {
      return;
    }
    var targets = new ArrayList<Target>();
    for (var entry : statement.statements()) {
      if (!entry.told()) {
        targets.addAll(entry(entry.words()));
      }
      if (inGroups + targets.size() > MOST) {
        diagnostics.error(
            entry.position(),
            "virtual_server_group: more than "
                + MOST
                + " addresses in all groups, and left out (expected: fewer, or a fwmark)");
        return;
      }
    }
    inGroups = Math.min(MOST, inGroups + targets.size());
    if (groups.putIfAbsent(name.get().text(), List.copyOf(targets)) != null) {
      diagnostics.error(
          statement.position(),
          "virtual_server_group " + name.get().text() + ": given twice (expected: once)");
    }
  }

  /** Returns what a virtual server is for; nothing after it was told why. */
  List<Target> of(Statement statement) {
    var words = statement.arguments();
    if (words.isEmpty()) {
      diagnostics.error(
          statement.position(),
          "virtual_server: no address (expected: an address and a port, fwmark or group)");
      return List.of();
    }
    if (words.getFirst().text().equals("group")) {
      return groupOf(statement);
    }
    var target = words.getFirst().text().equals("fwmark") ? mark(words) : address(words);
    if (target.isEmpty()) {
      diagnostics.error(statement.position(), "virtual_server: left out");
    }
    return target.stream().toList();
  }

  private List<Target> groupOf(Statement statement) {
    if (statement.arguments().size() < 2) {
      diagnostics.error(statement.position(), "virtual_server group: no name (expected: one)");
      return List.of();
    }
    values.nothingBehind(statement, 2);
    Word name = statement.arguments().get(1);
    var targets = groups.get(name.text());
    if (targets == null) {
      diagnostics.error(
          name.position(),
          "virtual_server group: "
              + Diagnostics.quoted(name.text())
              + " (expected: the name of a virtual_server_group)",
          Suggestions.nearest(name.text(), groups.keySet()));
      return List.of();
    }
    return targets;
  }

  private List<Target> entry(List<Word> words) {
    Word first = words.getFirst();
    if (first.text().equals("fwmark")) {
      return mark(words).stream().toList();
    }
    int slash = first.text().indexOf('/');
    int dash = first.text().indexOf('-');
    if (slash < 0 && dash < 0) {
      return address(words).stream().toList();
    }
    var port = port(words);
    var range = slash >= 0 ? network(first.text(), slash) : range(first.text(), dash);
    if (range.isEmpty()) {
      values.wrong(
          first,
          "virtual_server_group",
          "an address, a range of at most " + (MOST - inGroups) + ", or fwmark");
      return List.of();
    }
    if (port.isEmpty()) {
      return List.of();
    }
    return range.stream()
        .<Target>map(address -> new Target.At(new Endpoint(address, port.get())))
        .toList();
  }

  private Optional<Target> address(List<Word> words) {
    var address = values.address(words.getFirst(), "virtual server");
    var port = port(words);
    return address.flatMap(host -> port.map(number -> new Target.At(new Endpoint(host, number))));
  }

  private Optional<Integer> port(List<Word> words) {
    extra(words, 2);
    return words.size() < 2
        ? Optional.of(0)
        : values.number(words.get(1), "virtual server port", 0, 65_535);
  }

  private void extra(List<Word> words, int used) {
    if (words.size() > used) {
      diagnostics.error(
          words.get(used).position(),
          Diagnostics.quoted(words.get(used).text()) + ": left out (expected: nothing more)");
    }
  }

  private Optional<Target> mark(List<Word> words) {
    if (words.size() < 2) {
      diagnostics.error(words.getFirst().position(), "fwmark: no value (expected: a number)");
      return Optional.empty();
    }
    extra(words, 3);
    Optional<AddressFamily> family = Optional.empty();
    if (words.size() > 2) {
      family = family(words.get(2), values);
    }
    String text = words.get(1).text();
    if (text.matches("[0-9]{1,10}")) {
      long mark = Long.parseLong(text);
      if (mark >= 1 && mark <= VirtualServerId.FirewallMark.GREATEST) {
        return Optional.of(new Target.Marked(mark, family));
      }
    }
    values.wrong(words.get(1), "fwmark", "1-" + VirtualServerId.FirewallMark.GREATEST);
    return Optional.empty();
  }

  /** Returns the family that {@code inet} and {@code inet6} stand for. */
  static Optional<AddressFamily> family(Word word, Values values) {
    return switch (word.text()) {
      case "inet" -> Optional.of(AddressFamily.IPV4);
      case "inet6" -> Optional.of(AddressFamily.IPV6);
      default -> {
        values.wrong(word, "address family", "inet or inet6");
        yield Optional.empty();
      }
    };
  }

  /** Returns the addresses of a prefix such as 10.0.0.8/29. */
  private List<InetAddress> network(String text, int slash) {
    var address = Values.literal(text.substring(0, slash));
    String digits = text.substring(slash + 1);
    if (address.isEmpty() || !digits.matches("[0-9]{1,3}")) {
      return List.of();
    }
    int bits = AddressFamily.of(address.get()).bits();
    int free = bits - Integer.parseInt(digits);
    if (free < 0 || free > 16) {
      return List.of();
    }
    var first = new BigInteger(1, address.get().getAddress()).shiftRight(free).shiftLeft(free);
    return between(first, first.add(BigInteger.valueOf((1L << free) - 1)), bits);
  }

  /** Returns the addresses of a range such as 10.0.0.1-9 or 10.0.0.250-10.0.1.3. */
  private List<InetAddress> range(String text, int dash) {
    var from = Values.literal(text.substring(0, dash));
    if (from.isEmpty()) {
      return List.of();
    }
    int bits = AddressFamily.of(from.get()).bits();
    var first = new BigInteger(1, from.get().getAddress());
    String end = text.substring(dash + 1);
    var to = Values.literal(end);
    if (to.isPresent()) {
      return AddressFamily.of(to.get()).bits() == bits
          ? between(first, new BigInteger(1, to.get().getAddress()), bits)
          : List.of();
    }
    boolean v4 = bits == 32;
    if (!end.matches(v4 ? "[0-9]{1,3}" : "[0-9a-fA-F]{1,4}")) {
      return List.of();
    }
    int last = Integer.parseInt(end, v4 ? 10 : 16);
    int part = v4 ? 8 : 16;
    if (last >= 1 << part) {
      return List.of();
    }
    var base = first.shiftRight(part).shiftLeft(part);
    return between(first, base.add(BigInteger.valueOf(last)), bits);
  }

  private List<InetAddress> between(BigInteger first, BigInteger last, int bits) {
    var count = last.subtract(first).add(BigInteger.ONE);
    if (count.signum() <= 0 || count.compareTo(BigInteger.valueOf(MOST - inGroups)) > 0) {
      return List.of();
    }
    var addresses = new ArrayList<InetAddress>(count.intValueExact());
    for (var value = first; value.compareTo(last) <= 0; value = value.add(BigInteger.ONE)) {
      addresses.add(address(value, bits / 8));
    }
    return addresses;
  }

  private static InetAddress address(BigInteger value, int length) {
    byte[] digits = value.toByteArray();
    var bytes = new byte[length];
    int count = Math.min(digits.length, length);
    System.arraycopy(digits, digits.length - count, bytes, length - count, count);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(length + " bytes of an address (expected: 4 or 16)", e);
    }
  }
}
