package io.lvs4j.ipvs.plane;

import io.lvs4j.ipvs.client.IpvsChange;
import io.lvs4j.ipvs.client.IpvsDestinationStatus;
import io.lvs4j.ipvs.client.IpvsException;
import io.lvs4j.ipvs.client.IpvsServiceStatus;
import io.lvs4j.ipvs.client.IpvsTimeouts;
import io.lvs4j.ipvs.client.ServiceKey;
import io.lvs4j.ipvs.client.SyncDaemon;
import io.lvs4j.ipvs.client.SyncRole;
import java.util.List;
import java.util.Optional;

/** What the plane needs of the kernel's table; {@link io.lvs4j.ipvs.client.IpvsClient} has it. */
interface KernelTable extends AutoCloseable {
  List<IpvsServiceStatus> services() throws IpvsException;

  Optional<IpvsServiceStatus> service(ServiceKey key) throws IpvsException;

  /** Returns the table as text; {@link TableText#EMPTY} where it can't be read. */
  default TableText text() {
    return TableText.EMPTY;
  }

  /** Returns the real servers of a service, the newest first. */
  List<IpvsDestinationStatus> destinations(ServiceKey key) throws IpvsException;

  /** Returns the real servers of a service; none when it has gone meanwhile. */
  default List<IpvsDestinationStatus> destinationsIfAny(ServiceKey key) throws IpvsException {
    try {
      return destinations(key);
    } catch (IpvsException refused) {
      if (refused.kind() == IpvsException.Kind.NO_SUCH_SERVICE) {
        return List.of();
      }
      throw refused;
    }
  }

  /** Returns a service with its real servers; empty when there is none. */
  default Optional<ActualService> read(ServiceKey key) throws IpvsException {
    var status = service(key);
    return status.isEmpty()
        ? Optional.empty()
        : Optional.of(ActualService.of(status.get(), destinationsIfAny(key)));
  }

  /** Returns whether the kernel has a scheduler and a persistence engine. */
  boolean has(String scheduler, Optional<String> engine) throws IpvsException;

  /** Makes changes in their order, and returns those that were refused. */
  List<IpvsChange.Refused> apply(List<IpvsChange> changes) throws IpvsException;

  IpvsTimeouts timeouts() throws IpvsException;

  void timeouts(IpvsTimeouts timeouts) throws IpvsException;

  List<SyncDaemon> daemons() throws IpvsException;

  void startDaemon(SyncDaemon daemon) throws IpvsException;

  void stopDaemon(SyncRole role) throws IpvsException;

  @Override
  void close();
}
