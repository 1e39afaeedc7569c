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
      | mapped | does here what it does in keepalived, but for what the last column says |
      | ignored | changes nothing about addresses and connections; what else it asks for, such as a mail, isn't done; a note |
      | not yet | what it asks for isn't there yet; an error, and left out |
      | refused | what it asks for won't be there; an error, and left out |

      What a file doesn't say has keepalived's own defaults, where Java builders may have others: checks
      every 60 s, first checks spread over as long, no periodic gratuitous ARP, no last advert of a master
      that gives way. Printed configurations say such settings aloud. Where keepalived has no keyword for
      it, lvs4j has its own way:

      - A master that ends holds its addresses after its last advert until its successor is heard.
      - A master without preemption that stood still for longer than its peers wait listens before it goes
        on.
      - Notify scripts of an instance run one after another, where keepalived starts them all at once.
      - A reload that leaves out something that the configuration before did not is refused.

      Reading is lenient: what isn't understood is left out and reported, with file, line, column and what
      was probably meant; an unknown block is left out to its end, where keepalived 2.2.7 reads the lines in
      it as if they belonged to the block around. A strict reader refuses the file. Of scripts and pipes that
      are given twice the first counts, as in keepalived.

      The lines of pipes and the arguments of `notify` are keepalived's, byte by byte, but for what follows; a
      test runs both from one file. `notify_priority_changes` holds for each instance by itself, not for a sync
      group. A `virtual_server_group` is several virtual servers, each with lines of its own, and none of the
      form `VS [GROUP]:0`. Where keepalived writes `BACKUP_PRIORITY` for each instance with a weighted tracker at
      every reload, lvs4j writes it when the priority changes. Of lines about several instances that stop
      together the order may be another one, for a master waits for its successor.

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
