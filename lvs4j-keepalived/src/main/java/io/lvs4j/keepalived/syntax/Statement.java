package io.lvs4j.keepalived.syntax;

import io.lvs4j.keepalived.diagnostic.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A keyword with what follows it: words on its line, and perhaps a block.
 *
 * @param keyword the first word
 * @param arguments the other words of its line
 * @param rest the same as they stand there, with their quotes
 * @param body what is between the braces; empty when there are none
 * @param told whether it was already said that this is wrong, so that nothing more need be said
 */
public record Statement(
    Word keyword, List<Word> arguments, Rest rest, Optional<List<Statement>> body, boolean told) {

  /**
   * The words behind a keyword as they stand there.
   *
   * @param text with its quotes
   * @param position where it begins
   */
  public record Rest(String text, Position position) {
    /** Checks that nothing is missing. */
    public Rest {
      Objects.requireNonNull(text, "text");
      Objects.requireNonNull(position, "position");
    }
  }

  /** Copies the lists. */
  public Statement {
    Objects.requireNonNull(keyword, "keyword");
    arguments = List.copyOf(arguments);
    Objects.requireNonNull(rest, "rest");
    body = body.map(List::copyOf);
  }

  /** Returns the keyword's text. */
  public String name() {
    return keyword.text();
  }

  /** Returns where the statement begins. */
  public Position position() {
    return keyword.position();
  }

  /** Returns the words of the line, the keyword first: an entry of a list has no keyword. */
  public List<Word> words() {
    var words = new ArrayList<Word>(arguments.size() + 1);
    words.add(keyword);
    words.addAll(arguments);
    return words;
  }

  /** Returns the statements of the block; none when there is no block. */
  public List<Statement> statements() {
    return body.orElse(List.of());
  }
}
