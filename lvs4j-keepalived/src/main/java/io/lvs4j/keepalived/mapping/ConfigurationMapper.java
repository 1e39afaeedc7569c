package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.diagnostic.Position;
import io.lvs4j.keepalived.keyword.KeywordTable;
import io.lvs4j.keepalived.model.GlobalDefinitions;
import io.lvs4j.keepalived.model.SchedulerSource;
import io.lvs4j.keepalived.syntax.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Makes a configuration of statements. What others refer to is read first, wherever it stands: the
 * global definitions, scripts and files, groups of addresses.
 */
public final class ConfigurationMapper {
  private final MappingContext context;
  private final Diagnostics diagnostics;
  private final GlobalReader globals;
  private final TrackerReader trackers;
  private final TargetReader targets;
  private final List<Statement> instanceBlocks = new ArrayList<>();
  private final List<Statement> groupBlocks = new ArrayList<>();
  private final List<Statement> serverBlocks = new ArrayList<>();
  private final Map<String, Position> positions = new LinkedHashMap<>();

  private ConfigurationMapper(MappingContext context) {
    this.context = context;
    this.diagnostics = context.diagnostics();
    this.globals = new GlobalReader(context);
    this.trackers = new TrackerReader(context);
    this.targets = new TargetReader(context);
  }

  /**
   * What statements mean.
   *
   * @param definitions what holds for the director
   * @param virtualServers the virtual servers in their order
   * @param vrrpInstances the VRRP instances in their order
   * @param syncGroups the sync groups in their order
   * @param positions where each of them is, by what problems call it
   */
  public record Mapped(
      GlobalDefinitions definitions,
      List<VirtualServer> virtualServers,
      List<VrrpInstance> vrrpInstances,
      List<SyncGroup> syncGroups,
      Map<String, Position> positions) {
    /** Copies the lists. */
    public Mapped {
      virtualServers = List.copyOf(virtualServers);
      vrrpInstances = List.copyOf(vrrpInstances);
      syncGroups = List.copyOf(syncGroups);
      positions = Map.copyOf(positions);
    }
  }

  /**
   * Returns what statements mean.
   *
   * @param user who the process runs as, and its scripts with it
   * @param onThisHost whether the programs are looked for here
   */
  public static Mapped map(
      List<Statement> statements,
      SchedulerSource schedulers,
      String user,
      boolean onThisHost,
      Diagnostics diagnostics) {
    var rules = new Commands.ScriptRules(user, onThisHost);
    return new ConfigurationMapper(MappingContext.of(diagnostics, schedulers, rules))
        .map(statements);
  }

  /** Returns the handlers of what stands outside of blocks. */
  static Handlers handlers(MappingContext context) {
    return new ConfigurationMapper(context).handlers();
  }

  private Handlers handlers() {
    return new Handlers(KeywordTable.TOP)
        .on("global_defs", globals::read)
        .on("vrrp_script", trackers::readScript)
        .on("track_file", trackers::readFile)
        .on("SSL", s -> new TlsReader(context).read(s))
        .on("virtual_server_group", targets::group)
        .on("vrrp_instance", instanceBlocks::add)
        .on("vrrp_sync_group", groupBlocks::add)
        .on("virtual_server", serverBlocks::add);
  }

  private Mapped map(List<Statement> statements) {
    var isGlobal = Collectors.<Statement>partitioningBy(each -> each.name().equals("global_defs"));
    var parts = statements.stream().collect(isGlobal);
    handlers().walk(parts.getOrDefault(true, List.of()), diagnostics);
    handlers().walk(parts.getOrDefault(false, List.of()), diagnostics);
    var instances = instances();
    var servers = servers();
    var groups = groups(instances);
    return new Mapped(
        globals.definitions(), servers, List.copyOf(instances.values()), groups, positions);
  }

  private Map<String, VrrpInstance> instances() {
    var instances = new LinkedHashMap<String, VrrpInstance>();
    for (var block : instanceBlocks) {
      new InstanceReader(context, trackers, globals, block)
          .read()
          .ifPresent(instance -> {
            if (instances.containsKey(instance.name())) {
              diagnostics.error(
                  block.position(),
                  "vrrp_instance " + instance.name() + ": given twice (expected: once)");
            } else if (fits(block, instance, instances.values())) {
              instances.put(instance.name(), instance);
              positions.put("VRRP instance " + instance.name(), block.position());
              // That there are excluded addresses only is told where they are read.
              diagnostics.warnings(
                  block.position(),
                  instance.warnings().stream()
                      .filter(each -> !each.subject().endsWith("virtual addresses"))
                      .toList());
            }
          });
    }
    return instances;
  }

  /** Says whether an instance can be run beside those before it, and what is odd about it. */
  private boolean fits(Statement block, VrrpInstance instance, Collection<VrrpInstance> others) {
    var subject = "vrrp_instance " + instance.name() + ": ";
    var same = others.stream().filter(instance::sharesAdvertsWith).findFirst();
    if (same.isPresent()) {
      diagnostics.error(
          block.position(),
          subject
              + "virtual_router_id "
              + instance.virtualRouterId()
              + " is that of "
              + same.get().name()
              + " on the same interface: left out (expected: another one, or unicast_peer that"
              + " differ)");
      return false;
    }
    for (var address : instance.allAddresses()) {
      var identity = address.identity(instance.networkInterface());
      others.stream()
          .filter(other ->
              other.allAddresses().stream()
                  .anyMatch(each -> each.identity(other.networkInterface()).equals(identity)))
          .findFirst()
          .ifPresent(other ->
              diagnostics.warning(
                  block.position(),
                  subject
                      + "virtual address "
                      + address
                      + " is that of "
                      + other.name()
                      + " too; it stays while either is master"));
    }
    return true;
  }

  private List<SyncGroup> groups(Map<String, VrrpInstance> instances) {
    var groups = new ArrayList<SyncGroup>();
    var taken = new HashSet<String>();
    for (var block : groupBlocks) {
      new SyncGroupReader(context, trackers)
          .read(block, instances.keySet(), taken)
          .ifPresent(group -> {
            groups.add(group);
            positions.put("sync group " + group.name(), block.position());
            diagnostics.warnings(
                block.position(),
                group.warnings(group.instances().stream().map(instances::get).toList()));
          });
    }
    return groups;
  }

  private List<VirtualServer> servers() {
    var servers = new ArrayList<VirtualServer>();
    var ids = new HashSet<VirtualServerId>();
    for (var block : serverBlocks) {
      for (var server : new VirtualServerReader(context).read(block, targets.of(block))) {
        if (ids.add(server.id())) {
          servers.add(server);
          positions.put("virtual server " + server.id(), block.position());
        } else {
          diagnostics.error(
              block.position(), "virtual_server " + server.id() + ": given twice (expected: once)");
        }
      }
    }
    return servers;
  }
}
