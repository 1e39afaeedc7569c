package io.lvs4j.keepalived.mapping;

import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.keyword.BlockKeywords;
import io.lvs4j.keepalived.keyword.Keyword;
import io.lvs4j.keepalived.keyword.KeywordTable;
import io.lvs4j.keepalived.keyword.Treatment;
import io.lvs4j.keepalived.syntax.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What is done for each keyword of a block. Keywords that are not mapped are told here, in the
 * words of the keyword table; so are those that nobody knows.
 */
final class Handlers {
  private final BlockKeywords keywords;
  private final Map<String, Consumer<Statement>> handlers = new HashMap<>();

  Handlers(BlockKeywords keywords) {
    this.keywords = keywords;
  }

  /** Does this for a keyword. */
  Handlers on(String keyword, Consumer<Statement> handler) {
    if (handlers.put(keyword, handler) != null) {
      throw new IllegalStateException(keyword + ": two handlers (expected: one)");
    }
    return this;
  }

  /** Returns the block that this is for. */
  BlockKeywords keywords() {
    return keywords;
  }

  /** Returns the keywords that have a handler. */
  Set<String> handled() {
    return handlers.keySet();
  }

  /** Goes through the statements of a block in order. */
  void walk(List<Statement> statements, Diagnostics diagnostics) {
    for (var statement : statements) {
      if (!statement.told()) {
        keywords
            .find(statement.name())
            .ifPresentOrElse(
                keyword -> known(keyword, statement, diagnostics),
                () -> unknown(statement, diagnostics));
      }
    }
  }

  /** Tells of words in a block that is left out which would be unknown in any case. */
  private static void tellUnknown(
      BlockKeywords inside, List<Statement> statements, Diagnostics diagnostics) {
    var others = new Handlers(inside);
    for (var statement : statements) {
      if (!statement.told()) {
        inside
            .find(statement.name())
            .flatMap(keyword -> KeywordTable.inside(keyword.name()))
            .ifPresent(deeper -> tellUnknown(deeper, statement.statements(), diagnostics));
        if (inside.find(statement.name()).isEmpty()) {
          others.unknown(statement, diagnostics);
        }
      }
    }
  }

  private void unknown(Statement statement, Diagnostics diagnostics) {
    boolean block = statement.body().isPresent();
    String text =
        (block ? "unknown block " : "unknown keyword ")
            + Diagnostics.quoted(statement.name())
            + (keywords == KeywordTable.TOP ? "" : " in " + keywords.name())
            + (block ? ": left out to its end" : "");
    // What nobody will read isn't worth the search: there may be a million of them.
    Optional<String> suggestion =
        diagnostics.isFull()
            ? Optional.empty()
            : KeywordTable.suggestion(keywords, statement.name());
    if (block) {
      diagnostics.error(statement.position(), text, suggestion);
    } else {
      diagnostics.leftOut(statement.position(), text, suggestion);
    }
  }

  private void known(Keyword keyword, Statement statement, Diagnostics diagnostics) {
    var position = statement.position();
    String told = keyword.name() + ": " + keyword.why();
    if (keyword.treatment() != Treatment.MAPPED) {
      KeywordTable.inside(keyword.name())
          .ifPresent(inside -> tellUnknown(inside, statement.statements(), diagnostics));
    }
    switch (keyword.treatment()) {
      case IGNORED -> diagnostics.note(position, told);
      case NOT_YET ->
          diagnostics.error(position, keyword.name() + " is not supported yet: " + keyword.why());
      case REFUSED ->
          diagnostics.error(position, keyword.name() + " is not supported: " + keyword.why());
      case MAPPED -> {
        boolean block = statement.body().isPresent();
        if (keyword.blockFollows() && !block) {
          diagnostics.error(position, keyword.name() + ": no block (expected: '{' behind it)");
          return;
        }
        if (block && !keyword.blockFollows()) {
          diagnostics.error(
              position, keyword.name() + ": a block, which is left out (expected: none)");
        }
        var handler = handlers.get(keyword.meaning());
        if (handler == null) {
          throw new IllegalStateException(
              keywords.name() + ": " + keyword.meaning() + ": no handler (expected: one)");
        }
        handler.accept(statement);
      }
    }
  }
}
