package io.lvs4j.run.admin;

import io.lvs4j.api.DirectorSnapshot;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Health;
import io.lvs4j.api.RealServerSnapshot;
import io.lvs4j.api.VirtualServerSnapshot;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpSnapshot;
import java.util.List;
import java.util.stream.Collectors;

/** A director as a page for a person. It needs nothing from elsewhere and reads itself anew. */
final class StatusPage {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>lvs4j</title>
      <style>
      :root{color-scheme:light dark}
      body{font:15px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em}
      h1{font-size:1.3em}h2{font-size:1.1em;margin:2em 0 .4em}
      table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
      th,td{text-align:left;padding:.3em .8em .3em 0;border-bottom:1px solid #8884}
      th{font-weight:600}td.n,th.n{text-align:right}
      .scroll{overflow-x:auto}
      .good{color:#1a7f37}.bad{color:#d1242f;font-weight:600}.quiet{opacity:.65}
      </style></head><body><h1>lvs4j</h1>
      """;
  private static final String FOOT =
      """
      <p class="quiet">Also: <a href="/status">/status</a>, <a href="/ipvs">/ipvs</a>,
      <a href="/metrics">/metrics</a>. This page is read anew every 2 s.</p></body></html>
      """;

  private StatusPage() {}

  static String of(DirectorSnapshot director, List<VrrpSnapshot> instances) {
    var page = new StringBuilder(HEAD);
    if (!instances.isEmpty()) {
      page.append("<h2>VRRP</h2>")
          .append(table("Instance", "Interface", "Id", "State", "Priority", "Addresses", "Master"));
      instances.forEach(each -> page.append(row(each)));
      page.append("</table></div>");
    }
    director.virtualServers().forEach(each -> page.append(section(each)));
    return page.append(FOOT).toString();
  }

  private static String table(String... columns) {
    var head = new StringBuilder("<div class=\"scroll\"><table><tr>");
    for (var column : columns) {
      head.append("<th>").append(column).append("</th>");
    }
    return head.append("</tr>").toString();
  }

  private static String row(VrrpSnapshot instance) {
    var state = Words.state(instance.state());
    var look =
        switch (instance.state()) {
          case MASTER -> "good";
          case FAULT -> "bad";
          case BACKUP, INIT, STOPPED -> "quiet";
        };
    return "<tr>"
        + cell(instance.name())
        + cell(instance.networkInterface().orElse("-"))
        + cell(instance.virtualRouterId().toString())
        + "<td><span class=\""
        + look
        + "\">"
        + state
        + "</span> <span class=\"quiet\">"
        + escaped(instance.reason())
        + "</span></td>"
        + cell(instance.effectivePriority() + " of " + instance.priority())
        + cell(
            instance.virtualAddresses().stream()
                .map(VirtualAddress::toString)
                .collect(Collectors.joining(", ")))
        + cell(instance.master().map(Endpoint::literal).orElse("-"))
        + "</tr>";
  }

  private static String section(VirtualServerSnapshot server) {
    var text =
        new StringBuilder("<h2>")
            .append(escaped(server.id().toString()))
            .append("</h2><p>")
            .append(
                escaped(
                    server.scheduler().name()
                        + ", "
                        + Words.forwarding(server.forwarding())
                        + ", plane "
                        + server.plane()
                        + ", "))
            .append(verdict(server.quorumUp(), "quorum", "no quorum"))
            .append(server.serving() ? "" : ", not served here now")
            .append(server.sorryServerActive() ? ", <b>sorry server</b>" : "")
            .append("</p>")
            .append(table("Real server", "State", "Weight", "Active", "Inactive", "Connections"));
    server.realServers().forEach(each -> text.append(row(each, "")));
    server.sorryServer().ifPresent(each -> text.append(row(each, " (sorry server)")));
    return text.append("</table></div>").toString();
  }

  private static String row(RealServerSnapshot server, String remark) {
    return "<tr>"
        + cell(server.endpoint() + remark)
        + "<td>"
        + verdict(server)
        + " <span class=\"quiet\">"
        + escaped(server.detail())
        + "</span></td>"
        + cell(server.effectiveWeight() + " of " + server.weight())
        + cell(Integer.toString(server.active()))
        + cell(Integer.toString(server.inactive()))
        + cell(Long.toString(server.traffic().connections()))
        + "</tr>";
  }

  /** One that fails its connections may be up for its checks, and gets none for all that. */
  private static String verdict(RealServerSnapshot server) {
    if (server.up() && server.ejected()) {
      return verdict(false, "", "ejected");
    }
    if (server.health() == Health.UNCHECKED && !server.draining()) {
      return server.up()
          ? "<span class=\"quiet\">unchecked</span>"
          : verdict(false, "", "down until it is checked");
    }
    return verdict(server.up(), server.draining() ? "draining" : "up", "down");
  }

  private static String verdict(boolean good, String yes, String no) {
    return good
        ? "<span class=\"good\">" + yes + "</span>"
        : "<span class=\"bad\">" + no + "</span>";
  }

  private static String cell(String text) {
    return "<td>" + escaped(text) + "</td>";
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
