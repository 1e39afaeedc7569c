package io.lvs4j.keepalived.mapping;

import io.lvs4j.keepalived.model.LvsSyncDaemon;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.Word;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads {@code lvs_sync_daemon}. */
final class SyncDaemonReader {
  private final Values values;
  private Optional<String> instance = Optional.empty();
  private OptionalInt id = OptionalInt.empty();
  private OptionalInt maxLength = OptionalInt.empty();
  private OptionalInt port = OptionalInt.empty();
  private OptionalInt ttl = OptionalInt.empty();
  private Optional<InetAddress> group = Optional.empty();

  private SyncDaemonReader(Values values) {
    this.values = values;
  }

  static Optional<LvsSyncDaemon> read(Statement statement, Values values) {
    if (statement.arguments().isEmpty()) {
      values.word(statement, "an interface");
      return Optional.empty();
    }
    var reader = new SyncDaemonReader(values);
    reader.options(statement);
    return Optional.of(
        new LvsSyncDaemon(
            statement.arguments().getFirst().text(),
            reader.instance,
            reader.id,
            reader.maxLength,
            reader.port,
            reader.ttl,
            reader.group));
  }

  private void options(Statement statement) {
    var words = statement.arguments();
    for (int i = 1; i < words.size(); i++) {
      Word name = words.get(i);
      Optional<Word> value =
          i + 1 < words.size() ? Optional.of(words.get(i + 1)) : Optional.empty();
      boolean taken = value.filter(word -> option(name.text(), word)).isPresent();
      if (taken) {
        i++;
      } else if (i == 1) {
        // The instance may stand there without a word before it.
        instance = Optional.of(name.text());
      } else {
        values.wrong(
            name, "lvs_sync_daemon", "inst, id, maxlen, port, ttl or group, each with a value");
      }
    }
  }

  private boolean option(String name, Word value) {
    switch (name) {
      case "inst" -> instance = Optional.of(value.text());
      case "id" -> id = number(name, value, 0, 255);
      case "maxlen" -> maxLength = number(name, value, 1, 65_507);
      case "port" -> port = number(name, value, 1, 65_535);
      case "ttl" -> ttl = number(name, value, 1, 255);
      case "group" -> group = multicast(value);
      default -> {
        return false;
      }
    }
    return true;
  }

  private OptionalInt number(String name, Word value, int least, int most) {
    var number = values.number(value, "lvs_sync_daemon " + name, least, most);
    return number.isPresent() ? OptionalInt.of(number.get()) : OptionalInt.empty();
  }

  private Optional<InetAddress> multicast(Word value) {
    var address = values.address(value, "lvs_sync_daemon group");
    if (address.filter(group -> !group.isMulticastAddress()).isPresent()) {
      values.wrong(value, "lvs_sync_daemon group", "a multicast address");
      return Optional.empty();
    }
    return address;
  }
}
