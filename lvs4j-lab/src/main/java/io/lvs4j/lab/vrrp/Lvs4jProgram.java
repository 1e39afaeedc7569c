package io.lvs4j.lab.vrrp;

import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.lab.peer.Jvm;
import io.lvs4j.lab.peer.Workspace;
import java.util.List;

/** lvs4j, in a JVM of its own. */
public final class Lvs4jProgram implements RouterProgram {
  private final List<String> arguments;

  /** Makes one whose JVM gets these arguments. */
  public Lvs4jProgram(List<String> arguments) {
    this.arguments = List.copyOf(arguments);
  }

  /** Returns one that starts as fast as may be and leaves room for others on this machine. */
  public static Lvs4jProgram small() {
    return new Lvs4jProgram(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
  }

  @Override
  public String name() {
    return "lvs4j";
  }

  @Override
  public String version() {
    return "on Java %s, %s"
        .formatted(
            Runtime.version(), arguments.isEmpty() ? "no arguments" : String.join(" ", arguments));
  }

  @Override
  public List<String> command(Workspace workspace, List<VrrpInstance> instances) {
    return Jvm.command(
        arguments,
        StandaloneRouter.class.getName(),
        instances.stream().map(InstanceText::write).toList());
  }

  @Override
  public boolean isListening(String log) {
    return log.contains(" Backup[");
  }
}
