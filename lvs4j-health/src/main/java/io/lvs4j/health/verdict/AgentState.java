package io.lvs4j.health.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What an agent has said so far, by HAProxy's rules (configuration manual, agent-check): the
 * administrative state, the operating state and the weight are set each by its own words, and what
 * a line doesn't mention stays.
 *
 * @param admin {@code ready}, {@code drain} or {@code maint}
 * @param operating {@code up}, {@code down}, {@code fail} or {@code stopped}
 * @param percent the share of the configured weight
 * @param remark what the last line said behind a sharp
 */
public record AgentState(String admin, String operating, int percent, String remark) {
  /** The state before the agent has said anything: all is well. */
  public static final AgentState SILENT = new AgentState("ready", "up", 100, "");

  private static final Pattern SEPARATORS = Pattern.compile("[ \\t,]+");
  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,5})%");
  private static final Pattern MAXCONN = Pattern.compile("maxconn:[0-9]+");
  private static final int MOST_PERCENT = 25_600;

  /**
   * What a line has said.
   *
   * @param state the state from now on
   * @param known whether any word of it was known
   * @param unknown the words that weren't
   */
  public record Heard(AgentState state, boolean known, List<String> unknown) {}

  /** Takes a line of the agent's. */
  public Heard after(String line) {
    int sharp = line.indexOf('#');
    var words = sharp < 0 ? line : line.substring(0, sharp);
    var next =
        new AgentState(admin, operating, percent, sharp < 0 ? "" : line.substring(sharp + 1));
    var unknown = new ArrayList<String>();
    boolean known = false;
    for (var word : SEPARATORS.splitAsStream(words.strip()).toList()) {
      var said = word.toLowerCase(Locale.ROOT);
      var share = PERCENT.matcher(said);
      boolean understood = true;
      if (share.matches()) {
        int told = Math.min(Integer.parseInt(share.group(1)), MOST_PERCENT);
        next = new AgentState(next.admin, next.operating, told, next.remark);
      } else if (!MAXCONN.matcher(said).matches()) {
        switch (said) {
          case "ready", "drain", "maint" ->
              next = new AgentState(said, next.operating, next.percent, next.remark);
          case "up", "down", "fail", "stopped" ->
              next = new AgentState(next.admin, said, next.percent, next.remark);
          default -> understood = false;
        }
      }
      known |= understood;
      if (!understood && !word.isEmpty()) {
        unknown.add(word);
      }
    }
    return new Heard(next, known, List.copyOf(unknown));
  }

  /** Says whether the server wants to be in the pool. */
  public boolean isUp() {
    return !admin.equals("maint") && operating.equals("up");
  }

  /** Returns what the agent says of the weight. */
  public WeightReport weight() {
    return admin.equals("drain") ? WeightReport.QUIESCED : WeightReport.percent(percent);
  }

  /** Returns the state in the agent's words: {@code up, ready, 75 %}. */
  public String words() {
    return operating
        + ", "
        + admin
        + ", "
        + percent
        + " %"
        + (remark.isBlank() ? "" : ": " + remark.strip());
  }
}
