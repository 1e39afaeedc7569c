package io.lvs4j.keepalived.text;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.keepalived.script.NotifyFifo;
import io.lvs4j.keepalived.script.NotifyFifo.Kind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the named pipes, which keepalived has for all instances and for all servers. */
final class FifoText {
  private FifoText() {}

  static void write(TextLines lines, List<VrrpInstance> instances, List<VirtualServer> servers) {
    var vrrp = fifos(instances.stream().flatMap(each -> each.listeners().stream()));
    var own = fifos(servers.stream().flatMap(each -> each.listeners().stream()));
    var both = new LinkedHashSet<>(vrrp);
    both.retainAll(own);
    write(lines, "", both);
    vrrp.removeAll(both);
    own.removeAll(both);
    write(lines, "vrrp_", vrrp);
    write(lines, "lvs_", own);
  }

  private static Set<NotifyFifo> fifos(Stream<?> listeners) {
    return listeners
        .filter(NotifyFifo.class::isInstance)
        .map(NotifyFifo.class::cast)
        .map(fifo -> new NotifyFifo(fifo.path(), fifo.owner(), fifo.script(), Kind.SERVERS))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static void write(TextLines lines, String prefix, Set<NotifyFifo> fifos) {
    if (fifos.size() > 1) {
      lines.loss(prefix + "notify_fifo", fifos.size() + " pipes", "one; the first is written");
    }
    fifos.stream()
        .findFirst()
        .ifPresent(fifo -> {
          var subject = prefix + "notify_fifo";
          var owner = fifo.owner().map(user -> " " + user.replace(':', ' ')).orElse("");
          lines.line(subject + " " + lines.word(subject, fifo.path().toString()) + owner);
          fifo.script()
              .ifPresent(script ->
                  lines.line(
                      prefix
                          + "notify_fifo_script "
                          + CommandText.withUser(lines, prefix + "notify_fifo", script.program())));
        });
  }
}
