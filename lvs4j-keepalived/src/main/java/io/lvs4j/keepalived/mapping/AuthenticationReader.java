package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.vrrp.Authentication;
import io.lvs4j.api.vrrp.HmacAuthentication;
import io.lvs4j.api.vrrp.HmacAuthentication.AntiReplay;
import io.lvs4j.api.vrrp.HmacAuthentication.Mode;
import io.lvs4j.api.vrrp.HmacKey;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.keyword.KeywordTable;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.StatementTree;
import io.lvs4j.keepalived.syntax.Word;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Reads {@code authentication} and {@code auth_hmac}. */
final class AuthenticationReader {
  private static final int LONGEST_PASSWORD = 8;
  private static final int LONGEST_KEY = 64;

  private final Diagnostics diagnostics;
  private final Values values;
  private Optional<String> type = Optional.empty();
  private Optional<Word> password = Optional.empty();
  private final List<HmacKey> keys = new ArrayList<>();
  private Optional<Integer> activeKey = Optional.empty();
  private AntiReplay antiReplay = AntiReplay.TIME;
  private Optional<Duration> window = Optional.empty();
  private Mode mode = Mode.ENFORCE;

  AuthenticationReader(MappingContext context) {
    this.diagnostics = context.diagnostics();
    this.values = context.values();
  }

  /** Returns the handlers of authentication. */
  Handlers password() {
    return new Handlers(KeywordTable.AUTHENTICATION)
        .on("auth_type", this::type)
        .on("auth_pass", s -> password = values.word(s, "a password"));
  }

  private void type(Statement statement) {
    values
        .word(statement, "PASS")
        .ifPresent(word -> {
          switch (word.text()) {
            case "PASS", "AH" -> type = Optional.of(word.text());
            default -> values.wrong(word, "auth_type", "PASS");
          }
        });
  }

  /** Returns what an authentication block says. */
  Optional<Authentication> readPassword(Statement statement) {
    password().walk(statement.statements(), diagnostics);
    if (password.filter(word -> !word.text().isEmpty()).isEmpty()) {
      diagnostics.error(
          statement.position(), "authentication: no auth_pass, so there is none (expected: one)");
      return Optional.empty();
    }
    if (type.isEmpty()) {
      diagnostics.error(
          statement.position(), "authentication: no auth_type, so there is none (expected: PASS)");
      return Optional.empty();
    }
    return Optional.of(Authentication.of(type.get(), first8(password.get())));
  }

  private String first8(Word word) {
    byte[] bytes = word.text().getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= LONGEST_PASSWORD) {
      return word.text();
    }
    diagnostics.warning(
        word.position(), "auth_pass: more than 8 bytes, of which the first 8 count");
    int end = LONGEST_PASSWORD;
    while (end > 0 && (bytes[end] & 0xc0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  /** Returns the handlers of auth_hmac. */
  Handlers hmac() {
    return new Handlers(KeywordTable.AUTH_HMAC)
        .on("key", this::key)
        .on("active_key", s -> activeKey = values.number(s, 0, 255))
        .on(
            "anti_replay",
            s ->
                values
                    .word(s, "time or monotonic")
                    .ifPresent(word -> {
                      switch (word.text()) {
                        case "time" -> antiReplay = AntiReplay.TIME;
                        case "monotonic" -> antiReplay = AntiReplay.MONOTONIC;
                        default -> values.wrong(word, "anti_replay", "time or monotonic");
                      }
                    }))
        .on("time_window", s -> window = values.wholeSeconds(s, 1, 300))
        .on(
            "mode",
            s ->
                values
                    .word(s, "enforce, permissive or receive-only")
                    .ifPresent(word -> {
                      switch (word.text()) {
                        case "enforce" -> mode = Mode.ENFORCE;
                        case "permissive" -> mode = Mode.PERMISSIVE;
                        case "receive-only" -> mode = Mode.RECEIVE_ONLY;
                        default ->
                            values.wrong(word, "mode", "enforce, permissive or receive-only");
                      }
                    }));
  }

  private void key(Statement statement) {
    if (statement.arguments().size() < 2) {
      values.word(statement, "a number and a key, hex: or file:");
      return;
    }
    values.nothingBehind(statement, 2);
    var id = values.number(statement.arguments().getFirst(), "key", 0, 255);
    var secret = secret(statement.arguments().get(1));
    if (id.isPresent() && secret.isPresent()) {
      keys.add(HmacKey.of(id.get(), secret.get()));
    }
  }

  /** Returns the bytes of a key: the value itself unless it says where or in what form they are. */
  private Optional<byte[]> secret(Word word) {
    String text = word.text();
    try {
      if (text.startsWith("hex:")) {
        return Optional.of(HexFormat.of().parseHex(text.substring(4)));
      }
      if (text.startsWith("file:")) {
        return Optional.of(content(Path.of(text.substring(5))));
      }
    } catch (IllegalArgumentException | IOException e) {
      // The secret is not for the log: only its place and what was expected.
      diagnostics.error(
          word.position(),
          "key: can't be read (expected: hex: with pairs of digits, file: with a regular file, or"
              + " the characters themselves; 32-64 bytes)");
      return Optional.empty();
    }
    return Optional.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] content(Path path) throws IOException, InvalidPathException {
    if (!StatementTree.isPlain(path)) {
      throw new IOException(path + " is not a regular file");
    }
    try (var in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(LONGEST_KEY + 2);
      int end = bytes.length;
      while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
        end--;
      }
      return Arrays.copyOf(bytes, end);
    }
  }

  /** Returns what an auth_hmac block says. */
  Optional<Authentication> readHmac(Statement statement) {
    hmac().walk(statement.statements(), diagnostics);
    if (keys.isEmpty()) {
      diagnostics.error(statement.position(), "auth_hmac: no key (expected: at least one)");
      return Optional.empty();
    }
    return Optional.of(
        new HmacAuthentication(
            keys, activeKey.orElse(keys.getFirst().id()), antiReplay, window, mode));
  }
}
