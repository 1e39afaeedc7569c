package io.lvs4j.keepalived.keyword;

/** The page docs/keepalived-compatibility.md, written from the keyword table. */
public final class CompatibilityPage {
  private static final String HEAD =
      """
      # keepalived.conf in lvs4j

      Written by `CompatibilityPage` from the keyword table in lvs4j-keepalived; a test keeps it up to
      date. It has every keyword of keepalived 2.2.7 and 2.4.

      | | |
      |---|---|
      | mapped | does here what it does in keepalived |
      | ignored | has no effect here, and nothing is lost; told as a note |
      | not yet | what it asks for isn't there yet; told as a warning, and left out |
      | refused | what it asks for won't be there; told as a warning, and left out |

      What a file doesn't say has keepalived's own defaults, where Java builders may have others: checks
      every 60 s, first checks spread over as long, no periodic gratuitous ARP, no last advert of a master
      that gives way. Printed configurations say such settings aloud. One guard is always on: a master
      without preemption that stood still for longer than its peers wait listens before it goes on.

      Reading is lenient: a line that isn't understood is told, with file, line, column and what was
      probably meant, and left out; an unknown block is left out to its end, where keepalived 2.2.7 reads
      the lines in it as if they belonged to the block around. A strict reader refuses the file.

      ## The grammar

      Comments (`!`, `#`, and `\\#` for the character), quotes, braces on any line, `include` and its
      stricter forms (`includer`, `includem`, `includew`, `includeb`, `includea`, `include_check`) with
      wildcards and choices in braces, `$NAME=value` put in where it is used, definitions of several lines,
      `@id` and `@^id`, `~SEQ`, `~SEQx`, `~LST`, and `${_PWD}`, `${_INSTANCE}`, `${_RANDOM}`, `${_ENV NAME}`,
      `${_HASH}`, `${_BANG}`.

      """;

  private CompatibilityPage() {}

  /** Returns the page. */
  public static String text() {
    var text = new StringBuilder(HEAD);
    for (var block : KeywordTable.blocks()) {
      text.append("## ")
          .append(block == KeywordTable.TOP ? "Outside of blocks" : "`" + block.name() + "`")
          .append("\n\n| keyword | | |\n|---|---|---|\n");
      for (var keyword : block.all()) {
        text.append("| `")
            .append(keyword.name())
            .append(keyword.blockFollows() ? " {}` | " : "` | ");
        text.append(keyword.treatment().text()).append(" | ");
        text.append(keyword.why());
        if (!keyword.since().isEmpty()) {
          text.append(keyword.why().isEmpty() ? "" : "; ").append("since ").append(keyword.since());
        }
        text.append(" |\n");
      }
      text.append('\n');
    }
    return text.toString().stripTrailing() + "\n";
  }
}
