package io.lvs4j.ipvs.plane;

import io.lvs4j.api.plane.DataPlane;
import io.lvs4j.api.plane.DataPlaneProvider;

/** Opens the kernel's IPVS as a data plane. Stateless. */
public final class IpvsDataPlaneProvider implements DataPlaneProvider {
  /** Creates a provider; {@link java.util.ServiceLoader} does. */
  public IpvsDataPlaneProvider() {}

  @Override
  public String name() {
    return IpvsDataPlane.NAME;
  }

  @Override
  public int preference() {
    return 100;
  }

  @Override
  public DataPlane open() {
    return IpvsDataPlane.open();
  }
}
