package io.lvs4j.lab.vrrp;

import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.lab.peer.Keepalived;
import io.lvs4j.lab.peer.Workspace;
import java.util.List;
import java.util.Optional;

/** A program that can be a VRRP router. */
public interface RouterProgram {
  /** Returns what it is called by. */
  String name();

  /** Returns its version as it words it. */
  String version();

  /** Returns the command that runs it with these instances, in the foreground. */
  List<String> command(Workspace workspace, List<VrrpInstance> instances);

  /** Says whether it listens for adverts, going by its log. */
  boolean isListening(String log);

  /** Returns keepalived with these lines of global settings, if it is installed. */
  static Optional<RouterProgram> keepalived(String... globals) {
    return Keepalived.find()
        .map(keepalived ->
            new RouterProgram() {
              @Override
              public String name() {
                return "keepalived";
              }

              @Override
              public String version() {
                return keepalived.version();
              }

              @Override
              public List<String> command(Workspace workspace, List<VrrpInstance> instances) {
                return keepalived.command(workspace, instances, List.of(globals));
              }

              @Override
              public boolean isListening(String log) {
                return log.contains("Entering BACKUP STATE");
              }

              @Override
              public String toString() {
                return name();
              }
            });
  }
}
