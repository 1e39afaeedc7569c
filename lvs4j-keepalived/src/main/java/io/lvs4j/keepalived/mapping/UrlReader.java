package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.BodyPattern;
import io.lvs4j.api.HttpUrl;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.keyword.KeywordTable;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.Word;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one {@code url} of a check. */
final class UrlReader {
  /** Those of PCRE that java.util.regex has too. */
  private static final Map<String, Integer> OPTIONS =
      Map.of(
          "caseless", Pattern.CASE_INSENSITIVE,
          "dotall", Pattern.DOTALL,
          "extended", Pattern.COMMENTS,
          "literal", Pattern.LITERAL,
          "multiline", Pattern.MULTILINE,
          "utf", Pattern.UNICODE_CASE);

  private final Diagnostics diagnostics;
  private final Values values;
  private Optional<String> path = Optional.empty();
  private Optional<String> virtualHost = Optional.empty();
  private Optional<String> digest = Optional.empty();
  private Optional<String> regex = Optional.empty();
  private final Set<Integer> statuses = new LinkedHashSet<>();
  private int flags;
  private boolean inverted;
  private int leastOffset;
  private OptionalInt mostOffset = OptionalInt.empty();

  UrlReader(MappingContext context) {
    this.diagnostics = context.diagnostics();
    this.values = context.values();
  }

  /** Returns the handlers of url. */
  Handlers handlers() {
    return new Handlers(KeywordTable.URL)
        .on("path", s -> path = values.word(s, "a path").map(Word::text).or(() -> path))
        .on(
            "virtualhost",
            s -> virtualHost = values.word(s, "a host name").map(Word::text).or(() -> virtualHost))
        .on("status_code", this::statuses)
        .on("digest", this::digest)
        .on("regex", s -> regex = values.word(s, "an expression").map(Word::text).or(() -> regex))
        .on("regex_no_match", s -> values.flag(s).ifPresent(flag -> inverted = flag))
        .on("regex_options", this::options)
        .on(
            "regex_min_offset",
            s -> values.number(s, 0, Integer.MAX_VALUE).ifPresent(n -> leastOffset = n))
        .on(
            "regex_max_offset",
            s ->
                values
                    .number(s, 0, Integer.MAX_VALUE)
                    .ifPresent(n -> mostOffset = OptionalInt.of(n)));
  }

  private void digest(Statement statement) {
    if (digest.isPresent()) {
      values.givenTwice(statement);
    } else {
      digest = values.word(statement, "an MD5").map(Word::text);
    }
  }

  private void options(Statement statement) {
    if (statement.arguments().isEmpty()) {
      values.word(statement, OPTIONS.keySet().toString());
    }
    for (var word : statement.arguments()) {
      var flag = OPTIONS.get(word.text());
      if (flag == null) {
        values.wrong(
            word, "regex_options", "one of " + OPTIONS.keySet().stream().sorted().toList());
      } else {
        flags |= flag;
      }
    }
  }

  /** Returns what a block says, unless it can't be asked for. */
  Optional<HttpUrl> read(Statement statement) {
    handlers().walk(statement.statements(), diagnostics);
    if (path.isEmpty()) {
      diagnostics.error(statement.position(), "url: no path (expected: one)");
      return Optional.empty();
    }
    var url = HttpUrl.of(path.get());
    if (!statuses.isEmpty()) {
      url =
          url.expectStatus(
              statuses.iterator().next(),
              statuses.stream().skip(1).mapToInt(Integer::intValue).toArray());
    }
    if (virtualHost.isPresent()) {
      url = url.virtualHost(virtualHost.get());
    }
    if (digest.isPresent()) {
      url = url.expectDigest(digest.get());
    }
    if (regex.isPresent()) {
      url = url.expectBody(new BodyPattern(regex.get(), flags, inverted, leastOffset, mostOffset));
    }
    var problems = url.problems();
    diagnostics.errors(statement.position(), problems);
    return problems.isEmpty() ? Optional.of(url) : Optional.empty();
  }

  /** Adds those of a line: several lines count together. */
  private void statuses(Statement statement) {
    if (statement.arguments().isEmpty()) {
      values.word(statement, "100-599");
    }
    for (Word word : statement.arguments()) {
      int dash = word.text().indexOf('-');
      var first = dash < 0 ? word : part(word, 0, dash);
      var last = dash < 0 ? word : part(word, dash + 1, word.text().length());
      var least = values.number(first, "status_code", 100, 599);
      var most = dash < 0 ? least : values.number(last, "status_code", 100, 599);
      if (least.isPresent() && most.isPresent()) {
        if (most.get() < least.get()) {
          values.wrong(word, "status_code", "a range from the smaller to the larger");
        }
        for (int status = least.get(); status <= most.get(); status++) {
          statuses.add(status);
        }
      }
    }
  }

  private static Word part(Word word, int from, int to) {
    var position = word.position();
    return new Word(
        word.text().substring(from, to), position.at(position.column() + from), word.quoted());
  }
}
