package io.lvs4j.ipvs.client;

import java.util.Objects;

/** A change of the kernel's table; several are made at once by {@link IpvsClient#apply}. */
public sealed interface IpvsChange {
  /** Returns the service that it is about. */
  ServiceKey service();

  /** Adds a service without real servers. */
  record AddService(IpvsService added) implements IpvsChange {
    public AddService {
      Objects.requireNonNull(added, "added");
    }

    @Override
    public ServiceKey service() {
      return added.key();
    }
  }

  /** Gives a service other settings; its real servers and connections stay. */
  record SetService(IpvsService changed) implements IpvsChange {
    public SetService {
      Objects.requireNonNull(changed, "changed");
    }

    @Override
    public ServiceKey service() {
      return changed.key();
    }
  }

  /** Deletes a service with its real servers; its connections stay. */
  record DeleteService(ServiceKey service) implements IpvsChange {
    public DeleteService {
      Objects.requireNonNull(service, "service");
    }
  }

  /** Adds a real server at the head of the service's list. */
  record AddDestination(ServiceKey service, IpvsDestination destination) implements IpvsChange {
    public AddDestination {
      Objects.requireNonNull(service, "service");
      Objects.requireNonNull(destination, "destination");
    }
  }

  /** Gives a real server other settings, at its place in the list; its connections stay. */
  record SetDestination(ServiceKey service, IpvsDestination destination) implements IpvsChange {
    public SetDestination {
      Objects.requireNonNull(service, "service");
      Objects.requireNonNull(destination, "destination");
    }
  }

  /** Deletes a real server; what becomes of its connections, the kernel's settings say. */
  record DeleteDestination(ServiceKey service, DestinationKey destination) implements IpvsChange {
    public DeleteDestination {
      Objects.requireNonNull(service, "service");
      Objects.requireNonNull(destination, "destination");
    }
  }

  /**
   * A change that the kernel has refused.
   *
   * @param change what was to be done
   * @param why the refusal
   */
  record Refused(IpvsChange change, IpvsException why) {}
}
