package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.host.AddressScope;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.Word;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the entries of {@code virtual_ipaddress}. */
final class AddressListReader {
  /** What the kernel takes for ever: the greatest number of seconds. */
  private static final Duration FOR_EVER = Duration.ofSeconds(0xffff_ffffL);

  private static final Set<String> NOT_YET_WITH_VALUE = Set.of("brd", "broadcast", "peer");
  private static final Set<String> NOT_YET =
      Set.of("home", "mngtmpaddr", "noprefixroute", "autojoin", "no_track", "use_vmac");

  private final Diagnostics diagnostics;
  private final Values values;

  AddressListReader(MappingContext context) {
    this.diagnostics = context.diagnostics();
    this.values = context.values();
  }

  /** Returns the addresses of a block. */
  List<VirtualAddress> read(Statement statement) {
    var addresses = new ArrayList<VirtualAddress>();
    for (var entry : statement.statements()) {
      if (!entry.told()) {
        entry(entry).ifPresent(addresses::add);
      }
    }
    return addresses;
  }

  private Optional<VirtualAddress> entry(Statement entry) {
    Word word = entry.keyword();
    int slash = word.text().indexOf('/');
    var address = Values.literal(slash < 0 ? word.text() : word.text().substring(0, slash));
    if (address.isEmpty()) {
      diagnostics.error(
          word.position(),
          "virtual address: " + Diagnostics.quoted(word.text()) + " (expected: an IP address)");
      return Optional.empty();
    }
    int bits = AddressFamily.of(address.get()).bits();
    int prefix = slash < 0 ? bits : prefix(word, slash, bits);
    var read = options(entry, address.get(), prefix);
    var problems = read.problems();
    diagnostics.errors(entry.position(), problems);
    return problems.isEmpty() ? Optional.of(read) : Optional.empty();
  }

  /** Returns the length behind the slash; a wrong one is that of a single host. */
  private int prefix(Word word, int slash, int bits) {
    String text = word.text().substring(slash + 1);
    if (text.matches("[0-9]{1,3}")
        && Integer.parseInt(text) >= 1
        && Integer.parseInt(text) <= bits) {
      return Integer.parseInt(text);
    }
    values.wrong(
        word, "virtual address", "a prefix length of 1-" + bits + "; " + bits + " is taken");
    return bits;
  }

  private VirtualAddress options(Statement entry, InetAddress address, int prefix) {
    Optional<String> device = Optional.empty();
    Optional<String> label = Optional.empty();
    var scope = AddressScope.GLOBAL;
    Optional<Duration> lifetime = Optional.empty();
    var words = entry.arguments();
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      Optional<Word> value =
          i + 1 < words.size() ? Optional.of(words.get(i + 1)) : Optional.empty();
      switch (word.text()) {
        case "dev" -> device = named(word, value).map(Word::text);
        case "label" -> label = named(word, value).map(Word::text);
        case "scope" -> scope = named(word, value).flatMap(this::scope).orElse(AddressScope.GLOBAL);
        case "preferred_lft" -> lifetime = named(word, value).flatMap(this::lifetime);
        case "-nodad" ->
            diagnostics.note(word.position(), "-nodad: addresses are usable at once in any case");
        default -> option(word, value);
      }
      boolean takes =
          Set.of("dev", "label", "scope", "preferred_lft").contains(word.text())
              || NOT_YET_WITH_VALUE.contains(word.text());
      i += takes ? 1 : 0;
    }
    if (label.isPresent() && AddressFamily.of(address) == AddressFamily.IPV6) {
      diagnostics.error(
          entry.position(),
          "virtual address "
              + entry.name()
              + ": label "
              + label.get()
              + " is left out (expected: an IPv4 address)");
      label = Optional.empty();
    }
    return new VirtualAddress(address, prefix, device, label, scope, lifetime);
  }

  private void option(Word word, Optional<Word> value) {
    if (NOT_YET.contains(word.text()) || NOT_YET_WITH_VALUE.contains(word.text())) {
      diagnostics.error(
          word.position(),
          word.text()
              + (NOT_YET.contains(word.text()) ? "" : value.map(v -> " " + v.text()).orElse(""))
              + " of an address is not supported yet: left out");
    } else {
      values.wrong(word, "virtual address", "dev, label, scope, preferred_lft");
    }
  }

  private Optional<Word> named(Word word, Optional<Word> value) {
    if (value.isEmpty()) {
      diagnostics.error(word.position(), word.text() + ": no value (expected: one)");
    }
    return value;
  }

  private Optional<AddressScope> scope(Word word) {
    return switch (word.text()) {
      case "global", "0" -> Optional.of(AddressScope.GLOBAL);
      case "site" -> Optional.of(AddressScope.SITE);
      case "link" -> Optional.of(AddressScope.LINK);
      case "host" -> Optional.of(AddressScope.HOST);
      default -> {
        values.wrong(word, "scope", "global, site, link or host");
        yield Optional.empty();
      }
    };
  }

  private Optional<Duration> lifetime(Word word) {
    return word.text().equals("forever")
        ? Optional.of(FOR_EVER)
        : values.number(word, "preferred_lft", 0, Integer.MAX_VALUE).map(Duration::ofSeconds);
  }
}
