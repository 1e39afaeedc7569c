package io.lvs4j.run;

import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.core.scheduler.Schedulers;
import io.lvs4j.keepalived.KeepalivedConfiguration;
import io.lvs4j.keepalived.KeepalivedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The keepalived.conf of a process, which is read at its start and at each SIGHUP. */
final class ConfigurationFile {
  private final Path path;
  private final boolean vrrpOnly;
  private final KeepalivedReader reader;

  ConfigurationFile(Path path, boolean strict, boolean vrrpOnly, Optional<String> configurationId) {
    this.path = path;
    this.vrrpOnly = vrrpOnly;
    var builder = KeepalivedReader.builder().schedulers(Schedulers::byName);
    configurationId.ifPresent(builder::configurationId);
    this.reader = (strict ? builder.strict() : builder).build();
  }

  /**
   * Reads it.
   *
   * @throws InvalidConfigurationException when it can't be read, or there is nothing in it to run
   */
  KeepalivedConfiguration read() {
    var read = reader.read(path);
    return vrrpOnly
        ? new KeepalivedConfiguration(
            read.definitions(),
            List.of(),
            read.vrrpInstances(),
            read.syncGroups(),
            read.diagnostics(),
            read.positions())
        : read;
  }

  /** Returns why a configuration would be of no use. */
  List<Problem> emptiness(KeepalivedConfiguration configuration) {
    return configuration.virtualServers().isEmpty() && configuration.vrrpInstances().isEmpty()
        ? List.of(
            new Problem(
                path.toString(),
                "nothing to run",
                "a vrrp_instance or a virtual_server that is understood"))
        : List.of();
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
