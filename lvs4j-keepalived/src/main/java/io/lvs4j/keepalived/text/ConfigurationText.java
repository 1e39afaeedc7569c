package io.lvs4j.keepalived.text;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.keepalived.model.FlushOnStop;
import io.lvs4j.keepalived.model.GlobalDefinitions;
import io.lvs4j.keepalived.model.LvsSyncDaemon;
import io.lvs4j.keepalived.model.LvsTimeouts;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * Writes a configuration as keepalived.conf, with all that keepalived would take otherwise if it
 * were not said.
 */
public final class ConfigurationText {
  private final TextLines lines = new TextLines();
  private final TrackerText trackers = new TrackerText(lines);

  private ConfigurationText() {}

  /** Returns the text, and what it doesn't say. */
  public static PrintedConfiguration of(
      GlobalDefinitions definitions,
      List<VirtualServer> virtualServers,
      List<VrrpInstance> vrrpInstances,
      List<SyncGroup> syncGroups) {
    var text = new ConfigurationText();
    text.globals(definitions, vrrpInstances, virtualServers);
    vrrpInstances.forEach(instance -> text.trackers.define(instance.trackers()));
    syncGroups.forEach(group -> text.trackers.define(group.trackers()));
    var vrrp = new VrrpText(text.lines, text.trackers);
    vrrpInstances.forEach(vrrp::instance);
    syncGroups.forEach(vrrp::group);
    var files = new TrackedFiles(text.lines, text.trackers.files());
    virtualServers.forEach(files::define);
    TlsText.write(text.lines, virtualServers);
    var servers = new VirtualServerText(text.lines, files);
    virtualServers.forEach(servers::virtualServer);
    return text.lines.printed();
  }

  private void globals(
      GlobalDefinitions definitions, List<VrrpInstance> instances, List<VirtualServer> servers) {
    lines.openGlobals();
    definitions.routerId().ifPresent(id -> lines.line("router_id", id));
    definitions.timeouts().ifPresent(this::timeouts);
    definitions.syncDaemon().ifPresent(this::syncDaemon);
    lines
        .lineIf(definitions.flushedAtStart(), "lvs_flush")
        .lineIf(definitions.flushOnStop() == FlushOnStop.EVERYTHING, "lvs_flush_on_stop")
        .lineIf(definitions.flushOnStop() == FlushOnStop.VIRTUAL_SERVERS, "lvs_flush_on_stop VS");
    common(instances, "vrrp_startup_delay", VrrpInstance::startUpDelay);
    common(instances, "vrrp_garp_interval", instance -> instance.announcements().spacing());
    long told = servers.stream().filter(VirtualServer::isNotifyingAtStart).count();
    if (told > 0 && told < servers.size()) {
      lines.loss("rs_init_notifies", told + " of " + servers.size(), "all virtual servers");
    }
    lines.lineIf(told > 0, "rs_init_notifies");
    FifoText.write(lines, instances, servers);
    lines.close().gap();
  }

  /** Writes what keepalived can say for all instances only. */
  private void common(
      List<VrrpInstance> instances, String keyword, Function<VrrpInstance, Duration> setting) {
    var values = instances.stream().map(setting).distinct().toList();
    if (values.size() > 1) {
      lines.loss(keyword, values.toString(), "the same for all instances");
    }
    if (!values.isEmpty() && !values.getFirst().isZero()) {
      lines.line(keyword + " " + TextLines.seconds(values.getFirst()));
    }
  }

  private void timeouts(LvsTimeouts timeouts) {
    var line = new StringBuilder("lvs_timeouts");
    timeouts.tcp().ifPresent(time -> line.append(" tcp ").append(whole(time)));
    timeouts.tcpFin().ifPresent(time -> line.append(" tcpfin ").append(whole(time)));
    timeouts.udp().ifPresent(time -> line.append(" udp ").append(whole(time)));
    lines.line(line.toString());
  }

  private String whole(Duration time) {
    return lines.wholeSeconds("lvs_timeouts", time);
  }

  private void syncDaemon(LvsSyncDaemon daemon) {
    var line =
        new StringBuilder("lvs_sync_daemon ")
            .append(lines.word("lvs_sync_daemon", daemon.networkInterface()));
    daemon
        .vrrpInstance()
        .ifPresent(name -> line.append(" inst ").append(lines.word("lvs_sync_daemon", name)));
    daemon.syncId().ifPresent(id -> line.append(" id ").append(id));
    daemon.maxLength().ifPresent(length -> line.append(" maxlen ").append(length));
    daemon.port().ifPresent(port -> line.append(" port ").append(port));
    daemon.ttl().ifPresent(ttl -> line.append(" ttl ").append(ttl));
    daemon.group().ifPresent(group -> line.append(" group ").append(Endpoint.literal(group)));
    lines.line(line.toString());
  }
}
