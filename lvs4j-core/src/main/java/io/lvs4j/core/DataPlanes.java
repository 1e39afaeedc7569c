package io.lvs4j.core;

import io.lvs4j.api.Problem;
import io.lvs4j.api.StartException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.api.plane.DataPlaneProvider;
import io.lvs4j.core.engine.Admission;
import io.lvs4j.core.proxy.ProxyDataPlane;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * Chooses a data plane. The planes on the class path are tried, the most preferred first, until one
 * can be had on this host; the last is the proxy plane, which always can. One log line says which
 * it is and why none of those before it.
 */
public final class DataPlanes {
  private static final Logger LOG = System.getLogger("io.lvs4j.director");

  private DataPlanes() {}

  /**
   * Returns the most preferred plane that this host can have. The caller, or a director, closes it.
   */
  public static DataPlane auto() {
    return auto(List.of());
  }

  /**
   * Returns the most preferred plane that this host can have and that can do what all of these ask
   * for; if there is none, the proxy plane, and it will say what it can't do.
   */
  public static DataPlane auto(List<VirtualServer> virtualServers) {
    return auto(
        virtualServers,
        ServiceLoader.load(DataPlaneProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList());
  }

  static DataPlane auto(List<VirtualServer> virtualServers, List<DataPlaneProvider> providers) {
    var passedOver = new ArrayList<String>();
    var byPreference =
        providers.stream()
            .sorted(Comparator.comparingInt(DataPlaneProvider::preference).reversed())
            .toList();
    for (var provider : byPreference) {
      try {
        var plane = provider.open();
        var problems = Admission.unsupported(virtualServers, plane);
        if (problems.isEmpty()) {
          chosen(plane, passedOver);
          return plane;
        }
        plane.close();
        passedOver.add(provider.name() + " can't do it all: " + text(problems));
      } catch (StartException refused) {
        passedOver.add(provider.name() + " can't be had: " + text(refused.problems()));
      }
    }
    var plane = ProxyDataPlane.builder().build();
    chosen(plane, passedOver);
    return plane;
  }

  private static String text(List<Problem> problems) {
    return problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
  }

  private static void chosen(DataPlane plane, List<String> passedOver) {
    LOG.log(
        Level.INFO,
        "data plane "
            + plane.name()
            + passedOver.stream().map(why -> "; " + why).collect(Collectors.joining()));
  }
}
