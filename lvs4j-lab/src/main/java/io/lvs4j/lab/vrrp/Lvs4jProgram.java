package io.lvs4j.lab.vrrp;

import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.lab.peer.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

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
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED"));
    command.addAll(arguments);
    command.addAll(List.of("-cp", classPath(), StandaloneRouter.class.getName()));
    instances.forEach(instance -> command.add(InstanceText.write(instance)));
    return command;
  }

  @Override
  public boolean isListening(String log) {
    return log.contains(" Backup[");
  }

  // Surefire runs tests from a jar that names the class path in its manifest.
  private static String classPath() {
    return System.getProperty(
        "surefire.test.class.path",
        Objects.requireNonNull(System.getProperty("java.class.path"), "java.class.path"));
  }

  @Override
  public String toString() {
    return name();
  }
}
