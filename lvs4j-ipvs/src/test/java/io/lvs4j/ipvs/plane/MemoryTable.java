package io.lvs4j.ipvs.plane;

import io.lvs4j.api.Rates;
import io.lvs4j.api.Traffic;
import io.lvs4j.ipvs.client.DestinationKey;
import io.lvs4j.ipvs.client.IpvsChange;
import io.lvs4j.ipvs.client.IpvsDestination;
import io.lvs4j.ipvs.client.IpvsDestinationStatus;
import io.lvs4j.ipvs.client.IpvsException;
import io.lvs4j.ipvs.client.IpvsException.Kind;
import io.lvs4j.ipvs.client.IpvsService;
import io.lvs4j.ipvs.client.IpvsServiceStatus;
import io.lvs4j.ipvs.client.IpvsStatistics;
import io.lvs4j.ipvs.client.IpvsTimeouts;
import io.lvs4j.ipvs.client.ScriptedRefusal;
import io.lvs4j.ipvs.client.ServiceKey;
import io.lvs4j.ipvs.client.SyncDaemon;
import io.lvs4j.ipvs.client.SyncRole;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The kernel's table as a model: the rules of its errors and of its order, the changes that were
 * asked for, and the connections that a test says there are. Safe for a test's and a plane's
 * thread.
 */
final class MemoryTable implements KernelTable {
  private final Map<ServiceKey, ActualService> services = new LinkedHashMap<>();
  private final Map<DestinationKey, Integer> open = new HashMap<>();
  private final Map<DestinationKey, Integer> clients = new HashMap<>();
  private final Map<ServiceKey, Long> passed = new HashMap<>();
  private final List<IpvsChange> changes = new ArrayList<>();
  private final List<SyncDaemon> daemons = new ArrayList<>();
  private final List<String> daemonHistory = new ArrayList<>();
  private IpvsTimeouts timeouts =
      new IpvsTimeouts(Duration.ofMinutes(15), Duration.ofMinutes(2), Duration.ofMinutes(5));
  private Predicate<IpvsChange> refused = _ -> false;
  private final Set<String> lacking = new HashSet<>();
  private int looks;
  private int listed;
  private int calls;
  private int failing = -1;
  private Supplier<? extends Error> failure = InternalError::new;
  private boolean silent;
  private boolean closed;

  /** Returns the changes that were asked for since the last time, and forgets them. */
  synchronized List<IpvsChange> takeChanges() {
    var taken = List.copyOf(changes);
    changes.clear();
    return taken;
  }

  /** Does as somebody else would. */
  synchronized void edit(IpvsChange change) {
    var kind = make(change);
    if (kind.isPresent()) {
      throw new IllegalStateException(change + ": " + kind.get());
    }
  }

  synchronized Map<ServiceKey, ActualService> content() {
    return Map.copyOf(services);
  }

  synchronized void refuse(Predicate<IpvsChange> which) {
    refused = which;
  }

  /** Makes the answer to the next changes get lost, half of them done. */
  synchronized void fallSilent() {
    silent = true;
  }

  synchronized void connections(DestinationKey destination, int count) {
    open.put(destination, count);
  }

  /** Lets so many clients be kept on a real server. */
  synchronized void clients(DestinationKey destination, int count) {
    clients.put(destination, count);
  }

  /** Lets so many connections have passed a service. */
  synchronized void pass(ServiceKey service, long connections) {
    passed.put(service, connections);
  }

  synchronized List<String> daemonHistory() {
    return List.copyOf(daemonHistory);
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** Makes a call, the first one being 0, throw an error of the JVM's. */
  synchronized void failAt(int call, Supplier<? extends Error> with) {
    calls = 0;
    failing = call;
    failure = with;
  }

  /** Says whether the call that was to fail was made. */
  synchronized boolean hasFailed() {
    return calls > failing;
  }

  private void called() {
    if (calls++ == failing) {
      throw failure.get();
    }
  }

  /** Returns how often the table was listed. */
  synchronized int looks() {
    return looks;
  }

  @Override
  public synchronized List<IpvsServiceStatus> services() {
    called();
    looks++;
    return services.values().stream().map(this::status).toList();
  }

  private IpvsServiceStatus status(ActualService service) {
    return new IpvsServiceStatus(
        service.service(), traffic(passed.getOrDefault(service.service().key(), 0L)));
  }

  private static IpvsStatistics traffic(long connections) {
    return new IpvsStatistics(new Traffic(connections, 0, 0, 0, 0), Rates.NONE);
  }

  /** As /proc/net/ip_vs has it: without thresholds. */
  @Override
  public synchronized TableText text() {
    var lines = new ArrayList<String>();
    services.forEach((key, service) -> {
      if (key instanceof ServiceKey.AddressKey at && at.address() instanceof Inet4Address) {
        var address = new BigInteger(1, at.address().getAddress());
        lines.add(
            "%s  %08X:%04X %s"
                .formatted(
                    at.toString().split(" ", 2)[0],
                    address,
                    at.port(),
                    service.service().scheduler().name()));
        service
            .destinations()
            .forEach(each ->
                lines.add(
                    "  -> %s %d %d"
                        .formatted(each.key(), each.weight(), open.getOrDefault(each.key(), 0))));
      }
    });
    return TableText.of(lines.stream());
  }

  /** Returns of how many services the real servers were listed since the last time. */
  synchronized int takeListed() {
    int taken = listed;
    listed = 0;
    return taken;
  }

  @Override
  public synchronized Optional<IpvsServiceStatus> service(ServiceKey key) {
    called();
    return Optional.ofNullable(services.get(key)).map(this::status);
  }

  @Override
  public synchronized List<IpvsDestinationStatus> destinations(ServiceKey key)
      throws IpvsException {
    called();
    listed++;
    var service = services.get(key);
    if (service == null) {
      throw ScriptedRefusal.of(Kind.NO_SUCH_SERVICE, "list real servers", key.toString());
    }
    return service.destinations().stream()
        .map(each ->
            new IpvsDestinationStatus(
                each,
                open.getOrDefault(each.key(), 0),
                0,
                clients.getOrDefault(each.key(), 0),
                IpvsStatistics.NONE))
        .toList();
  }

  /** Makes it a kernel without a scheduler or a persistence engine. */
  synchronized void lack(String algorithm) {
    lacking.add(algorithm);
  }

  @Override
  public synchronized boolean has(String scheduler, Optional<String> engine) {
    called();
    return !lacking.contains(scheduler) && engine.filter(lacking::contains).isEmpty();
  }

  @Override
  public synchronized List<IpvsChange.Refused> apply(List<IpvsChange> asked) throws IpvsException {
    called();
    var refusals = new ArrayList<IpvsChange.Refused>();
    for (int i = 0; i < asked.size(); i++) {
      if (silent && 2 * i >= asked.size()) {
        silent = false;
        throw ScriptedRefusal.of(Kind.NO_ANSWER, "make " + asked.size() + " changes", "");
      }
      var change = asked.get(i);
      changes.add(change);
      var kind = refused.test(change) ? Optional.of(Kind.NO_MEMORY) : make(change);
      kind.ifPresent(why ->
          refusals.add(
              new IpvsChange.Refused(
                  change, ScriptedRefusal.of(why, "change", change.service().toString()))));
    }
    return refusals;
  }

  private Optional<Kind> make(IpvsChange change) {
    var key = change.service();
    var service = services.get(key);
    if (change instanceof IpvsChange.AddService) {
      if (service != null) {
        return Optional.of(Kind.ALREADY_EXISTS);
      }
    } else if (service == null) {
      return Optional.of(Kind.NO_SUCH_SERVICE);
    }
    boolean known = service != null && service.byKey().containsKey(destination(change));
    if (change instanceof IpvsChange.AddDestination && known) {
      return Optional.of(Kind.ALREADY_EXISTS);
    }
    if ((change instanceof IpvsChange.SetDestination
            || change instanceof IpvsChange.DeleteDestination)
        && !known) {
      return Optional.of(Kind.NO_SUCH_DESTINATION);
    }
    var after = TableEdits.after(service, change);
    if (after == null) {
      services.remove(key);
    } else {
      services.put(key, after);
    }
    return Optional.empty();
  }

  private static DestinationKey destination(IpvsChange change) {
    return switch (change) {
      case IpvsChange.AddDestination(_, IpvsDestination added) -> added.key();
      case IpvsChange.SetDestination(_, IpvsDestination changed) -> changed.key();
      case IpvsChange.DeleteDestination(_, DestinationKey gone) -> gone;
      default -> new DestinationKey(InetAddress.getLoopbackAddress(), 0);
    };
  }

  /** Makes a service as if it had been there before. */
  synchronized void put(IpvsService service, IpvsDestination... oldestFirst) {
    edit(new IpvsChange.AddService(service));
    for (var each : oldestFirst) {
      edit(new IpvsChange.AddDestination(service.key(), each));
    }
  }

  @Override
  public synchronized IpvsTimeouts timeouts() {
    called();
    return timeouts;
  }

  @Override
  public synchronized void timeouts(IpvsTimeouts changed) {
    timeouts = changed;
  }

  @Override
  public synchronized List<SyncDaemon> daemons() {
    called();
    return List.copyOf(daemons);
  }

  @Override
  public synchronized void startDaemon(SyncDaemon daemon) throws IpvsException {
    called();
    if (daemons.stream().anyMatch(each -> each.role() == daemon.role())) {
      throw ScriptedRefusal.of(Kind.ALREADY_EXISTS, "start sync daemon", "");
    }
    daemons.add(daemon);
    daemonHistory.add("start " + daemon.role() + ", running " + daemons.size());
  }

  @Override
  public synchronized void stopDaemon(SyncRole role) throws IpvsException {
    called();
    if (!daemons.removeIf(each -> each.role() == role)) {
      throw ScriptedRefusal.of(Kind.NO_SUCH_DAEMON, "stop sync daemon", "");
    }
    daemonHistory.add("stop " + role);
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
