package io.lvs4j.api.plane;

import io.lvs4j.api.StartException;

/**
 * Opens a data plane on a host that can have it.
 *
 * <p>A provider that is named in {@code META-INF/services} is found by {@link
 * java.util.ServiceLoader} when a director is to choose its plane itself. lvs4j-ipvs has one.
 */
public interface DataPlaneProvider {
  /** Returns the name that people know the plane by, such as {@code ipvs}. */
  String name();

  /**
   * Returns how much the plane is to be preferred: the greatest number is tried first. The proxy
   * plane, which works everywhere, counts as 0; the kernel's planes are above.
   */
  int preference();

  /**
   * Opens the plane with its defaults.
   *
   * @throws StartException when this host can't have it, with what would help
   */
  DataPlane open();
}
