package io.lvs4j.ipvs.plane;

import io.lvs4j.api.VirtualServer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells of the kernel's settings that are wrong, each once; sets them when that was asked for, and
 * puts them back at the end. On the plane's thread only.
 */
final class SettingsKeeper {
  /** It costs every connection more, and only a firewall's rules can tell whether it is needed. */
  private static final String CONNTRACK = "net.ipv4.vs.conntrack";

  private final Path files;
  private final boolean set;
  private final PlaneLog log;
  private final Set<String> told = new HashSet<>();
  private final Map<String, KernelSetting> changed = new LinkedHashMap<>();

  /**
   * Creates a keeper.
   *
   * @param files where the sysctls are
   * @param set whether to set them
   */
  SettingsKeeper(Path files, boolean set, PlaneLog log) {
    this.files = files;
    this.set = set;
    this.log = log;
  }

  void check(VirtualServer definition) {
    for (var setting : KernelSettings.wrongFor(List.of(definition), files)) {
      if (set && !setting.name().equals(CONNTRACK)) {
        set(setting);
      } else if (told.add(setting.name())) {
        log.say(
            setting.required() ? Level.WARNING : Level.INFO,
            () -> "virtual server " + definition.id() + " needs sysctl " + setting);
      }
    }
  }

  private void set(KernelSetting setting) {
    if (write(setting.name(), setting.wanted())) {
      changed.putIfAbsent(setting.name(), setting);
      log.say(
          Level.INFO,
          () ->
              "sysctl "
                  + setting.name()
                  + " set to "
                  + setting.wanted()
                  + ", "
                  + setting.reason()
                  + "; it was "
                  + setting.actual());
    }
  }

  /** Puts back what was set, unless somebody else has changed it since. */
  void restore() {
    for (var setting : changed.values()) {
      try {
        var now = Files.readString(KernelSettings.file(files, setting.name())).strip();
        if (now.equals(setting.wanted())) {
          write(setting.name(), setting.actual());
        }
      } catch (IOException unreadable) {
        log.say(Level.WARNING, () -> "sysctl " + setting.name() + ": " + unreadable);
      }
    }
    changed.clear();
  }

  private boolean write(String name, String value) {
    try {
      Files.writeString(KernelSettings.file(files, name), value);
      return true;
    } catch (IOException refused) {
      log.say(Level.ERROR, () -> "sysctl " + name + " = " + value + ": " + refused);
      return false;
    }
  }
}
