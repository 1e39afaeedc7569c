package io.lvs4j.core.proxy;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.loop.LoopLogger;
import io.lvs4j.health.HealthMonitor;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;

/**
 * Opens beforehand what Java would open when it is first needed: that may be when no descriptor is
 * left, and a class that couldn't be loaded once is gone for good.
 */
final class Preparation {
  private static final LoopLogger LOG = LoopLogger.of(Preparation.class, System::nanoTime);

  private static final String CLASS = ".class";

  private Preparation() {}

  static void forWantOfDescriptors() {
    // The time zones, for the first line of a log.
    var now = ZonedDateTime.now(ZoneId.systemDefault());
    LOG.log(Level.TRACE, () -> "%tb %<td".formatted(now));
    List.of(ProxyDataPlane.class, VirtualServer.class, HealthMonitor.class)
        .forEach(Preparation::loadNeighbours);
  }

  /** Loads what lies in one directory of classes; a jar stays open and needs nothing. */
  private static void loadNeighbours(Class<?> of) {
    try {
      var source = of.getProtectionDomain().getCodeSource();
      if (source == null || !"file".equals(source.getLocation().getProtocol())) {
        return;
      }
      var root = Path.of(source.getLocation().toURI());
      if (!Files.isDirectory(root)) {
        return;
      }
      List<Path> files;
      try (var all = Files.walk(root)) {
        files = all.filter(file -> file.toString().endsWith(CLASS)).toList();
      }
      for (var file : files) {
        load(root.relativize(file).toString(), of.getClassLoader());
      }
    } catch (IOException | URISyntaxException | RuntimeException unreadable) {
      LOG.log(Level.DEBUG, "classes are loaded when they are needed", unreadable);
    }
  }

  private static void load(String file, ClassLoader loader) {
    var name = file.substring(0, file.length() - CLASS.length()).replace('/', '.');
    try {
      var _ = Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError optional) {
      // One that needs a library which isn't there.
      LOG.log(Level.TRACE, () -> name, optional);
    }
  }
}
