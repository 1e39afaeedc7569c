package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.Endpoint;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.diagnostic.Position;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.Word;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.text.Normalizer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the values behind keywords. What is wrong is told, with its place, and leaves the setting
 * as it was: that is what keepalived does with it.
 */
final class Values {
  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  private final Diagnostics diagnostics;

  Values(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  /** Returns the only word behind a keyword, or tells that it is missing. */
  Optional<Word> word(Statement statement, String expected) {
    if (statement.arguments().isEmpty()) {
      diagnostics.error(
          statement.position(), statement.name() + ": no value (expected: " + expected + ")");
      return Optional.empty();
    }
    nothingBehind(statement, 1);
    return Optional.of(statement.arguments().getFirst());
  }

  /** Tells of words that nothing is done with: one line has one keyword. */
  void nothingBehind(Statement statement, int used) {
    if (statement.arguments().size() > used) {
      Word extra = statement.arguments().get(used);
      diagnostics.error(
          extra.position(),
          statement.name()
              + ": "
              + Diagnostics.quoted(extra.text())
              + " and what follows is left out (expected: one keyword on a line)");
    }
  }

  /** Returns the number behind a keyword. */
  Optional<Integer> number(Statement statement, long least, long most) {
    String expected = least + "-" + most;
    var first = statement.arguments().stream().findFirst();
    if (first.filter(word -> word.text().equals("-")).isPresent()
        && statement.arguments().size() > 1) {
      // "weight - 2": keepalived takes the dash for the number.
      diagnostics.leftOut(
          first.get().position(),
          statement.name() + ": '-' (expected: " + expected + ")",
          Optional.of("-" + statement.arguments().get(1).text()));
      return Optional.empty();
    }
    return word(statement, expected).flatMap(word -> number(word, statement.name(), least, most));
  }

  /** Returns a word as a number. */
  Optional<Integer> number(Word word, String subject, long least, long most) {
    String text = word.text();
    if (text.matches("[+-]?[0-9]{1,18}")) {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return Optional.of((int) value);
      }
    }
    wrong(word, subject, least + "-" + most);
    return Optional.empty();
  }

  /** Returns the time behind a keyword, which is in seconds. */
  Optional<Duration> seconds(Statement statement, Duration least, Duration most) {
    return word(statement, text(least) + "-" + text(most) + " seconds")
        .flatMap(word -> seconds(word, statement.name(), least, most));
  }

  /** Returns a word as a time in seconds, down to microseconds. */
  Optional<Duration> seconds(Word word, String subject, Duration least, Duration most) {
    if (word.text().matches("\\+?[0-9]{1,12}(\\.[0-9]{0,9})?|\\.[0-9]{1,9}")) {
      var micros = new BigDecimal(word.text()).multiply(MILLION).longValue();
      var value = Duration.ofNanos(micros * 1000);
      if (value.compareTo(least) >= 0 && value.compareTo(most) <= 0) {
        return Optional.of(value);
      }
    }
    wrong(word, subject, text(least) + "-" + text(most) + " seconds");
    return Optional.empty();
  }

  /** Returns the time behind a keyword that takes whole seconds only. */
  Optional<Duration> wholeSeconds(Statement statement, long least, long most) {
    return number(statement, least, most).map(Duration::ofSeconds);
  }

  private static String text(Duration duration) {
    return new BigDecimal(duration.toNanos()).movePointLeft(9).stripTrailingZeros().toPlainString();
  }

  /** Returns the switch behind a keyword: on when nothing is behind it. */
  Optional<Boolean> flag(Statement statement) {
    if (statement.arguments().isEmpty()) {
      return Optional.of(true);
    }
    nothingBehind(statement, 1);
    Word word = statement.arguments().getFirst();
    return switch (word.text().toLowerCase(Locale.ROOT)) {
      case "on", "true", "yes" -> Optional.of(true);
      case "off", "false", "no" -> Optional.of(false);
      default -> {
        wrong(word, statement.name(), "on, off, true, false, yes or no");
        yield Optional.empty();
      }
    };
  }

  /** Returns the address behind a keyword. */
  Optional<InetAddress> address(Statement statement) {
    return word(statement, "an IP address").flatMap(word -> address(word, statement.name()));
  }

  /** Returns a word as an address; names are not looked up. */
  Optional<InetAddress> address(Word word, String subject) {
    var address = literal(word.text());
    if (address.isEmpty()) {
      wrong(word, subject, "an IP address");
    }
    return address;
  }

  /** Returns a text as an address, if it is one. */
  static Optional<InetAddress> literal(String text) {
    return Endpoint.address(text);
  }

  /** Tells of a keyword of which the first one counts, as keepalived has it. */
  void givenTwice(Statement statement) {
    diagnostics.error(
        statement.position(),
        statement.name() + ": given twice, and left out: the first counts (expected: once)");
  }

  /** Tells that a word is not what was expected there. */
  void wrong(Word word, String subject, String expected) {
    String plain = plain(word.text());
    diagnostics.error(
        word.position(),
        subject + ": " + Diagnostics.quoted(word.text()) + " (expected: " + expected + ")",
        plain.equals(word.text()) ? Optional.empty() : Optional.of(plain));
  }

  private static String plain(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC);
  }

  /** Tells of a setting that is taken another way than it was written. */
  void changed(Position position, String text) {
    diagnostics.warning(position, text);
  }

  /** Returns the words of a list in a block, one entry a line. */
  static List<Statement> entries(Statement statement) {
    return statement.statements();
  }
}
