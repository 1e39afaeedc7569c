package io.lvs4j.ipvs.plane;

import io.lvs4j.ipvs.client.IpvsChange;
import io.lvs4j.ipvs.client.IpvsClient;
import io.lvs4j.ipvs.client.IpvsDestinationStatus;
import io.lvs4j.ipvs.client.IpvsException;
import io.lvs4j.ipvs.client.IpvsServiceStatus;
import io.lvs4j.ipvs.client.IpvsTimeouts;
import io.lvs4j.ipvs.client.ServiceKey;
import io.lvs4j.ipvs.client.SyncDaemon;
import io.lvs4j.ipvs.client.SyncRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The table of this host's kernel, over netlink. */
record NetlinkTable(IpvsClient client) implements KernelTable {
  /** Of the network namespace that the calling thread is in. */
  private static final Path TEXT = Path.of("/proc/thread-self/net/ip_vs");

  @Override
  public List<IpvsServiceStatus> services() throws IpvsException {
    return client.services();
  }

  @Override
  public Optional<IpvsServiceStatus> service(ServiceKey key) throws IpvsException {
    return client.service(key);
  }

  @Override
  public TableText text() {
    try (var lines = Files.lines(TEXT, StandardCharsets.ISO_8859_1)) {
      return TableText.of(lines);
    } catch (IOException | UncheckedIOException unreadable) {
      return TableText.EMPTY;
    }
  }

  @Override
  public List<IpvsDestinationStatus> destinations(ServiceKey key) throws IpvsException {
    return client.destinations(key);
  }

  @Override
  public boolean has(String scheduler, Optional<String> engine) throws IpvsException {
    return client.has(scheduler, engine);
  }

  @Override
  public List<IpvsChange.Refused> apply(List<IpvsChange> changes) throws IpvsException {
    return client.apply(changes);
  }

  @Override
  public IpvsTimeouts timeouts() throws IpvsException {
    return client.timeouts();
  }

  @Override
  public void timeouts(IpvsTimeouts timeouts) throws IpvsException {
    client.timeouts(timeouts);
  }

  @Override
  public List<SyncDaemon> daemons() throws IpvsException {
    return client.daemons();
  }

  @Override
  public void startDaemon(SyncDaemon daemon) throws IpvsException {
    client.startDaemon(daemon);
  }

  @Override
  public void stopDaemon(SyncRole role) throws IpvsException {
    client.stopDaemon(role);
  }

  @Override
  public void close() {
    client.close();
  }
}
