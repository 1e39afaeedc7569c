package io.lvs4j.lab.ipvs;

import io.lvs4j.api.StartException;
import io.lvs4j.core.DataPlanes;
import io.lvs4j.ipvs.client.IpvsClient;
import io.lvs4j.ipvs.client.IpvsException;
import io.lvs4j.ipvs.plane.IpvsDataPlane;

/**
 * Tries as a program of its own to get at the kernel's IPVS, for a test that starts it where it
 * can't: it says what the client says, what the plane says, and which plane there is instead.
 */
final class RootlessDirector {
  private RootlessDirector() {}

  public static void main(String[] arguments) {
    try (var _ = IpvsClient.open()) {
      System.out.println("a client");
    } catch (IpvsException refused) {
      System.out.println(refused.kind() + " " + refused.getMessage());
    }
    try (var _ = IpvsDataPlane.open()) {
      System.out.println("a plane");
    } catch (StartException refused) {
      System.out.println(refused.getMessage());
    }
    try (var plane = DataPlanes.auto()) {
      System.out.println(plane.name());
    }
  }
}
