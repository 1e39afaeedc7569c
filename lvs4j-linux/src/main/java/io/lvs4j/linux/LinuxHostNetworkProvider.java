package io.lvs4j.linux;

import io.lvs4j.api.host.HostNetwork;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.HostNetworkProvider;

/** Opens a {@link LinuxHostNetwork} with all defaults; found by ServiceLoader. */
public final class LinuxHostNetworkProvider implements HostNetworkProvider {
  /** Creates the provider. */
  public LinuxHostNetworkProvider() {}

  @Override
  public HostNetwork open() throws HostNetworkException {
    return LinuxHostNetwork.open();
  }
}
