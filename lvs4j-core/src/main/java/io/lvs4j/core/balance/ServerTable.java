package io.lvs4j.core.balance;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.ServerPool;
import io.lvs4j.api.Traffic;
import io.lvs4j.api.plane.Destination;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The destinations of one virtual server, newest first, in flat arrays that a scheduler runs
 * through. Guarded by the lock of its balancer.
 *
 * <p>A connection that has ended stays inactive for schedulers and figures until {@link
 * #forgetClosed} finds its time over; thresholds and drains go by those that are open.
 *
 * <p>A destination that leaves is remembered with its id and its counters while it has connections
 * and for two minutes more, as in the kernel's trash (kernel: ip_vs_trash_get_dest in ip_vs_ctl.c).
 */
final class ServerTable implements ServerPool {
  /** How long a destination that left is remembered without connections. */
  static final long TRASH_PERIOD_NANOS = 120L * 1_000_000_000;

  private static final long SECOND = 1_000_000_000;

  private final Overhead dialect;
  private final long origin;

  /** All that are remembered, present or not, the one that was added last at the end. */
  private final Map<Endpoint, LiveDestination> known = new LinkedHashMap<>();

  private final BitSet ids = new BitSet();
  private final ArrayList<LiveDestination> destinations = new ArrayList<>();
  private Traffic forgotten = Traffic.NONE;
  private long second;
  private int size;
  private int idle;
  private int[] weights = new int[8];
  private int[] active = new int[8];
  private int[] inactive = new int[8];
  private long[] overheads = new long[8];
  private boolean[] overloaded = new boolean[8];
  private int[] positions = new int[8];

  /**
   * Creates an empty table.
   *
   * @param now the present moment on the clock of all calls, in nanoseconds
   */
  ServerTable(Overhead dialect, long now) {
    this.dialect = dialect;
    this.origin = now;
    Arrays.fill(positions, LiveDestination.ABSENT);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int id(int position) {
    return at(position).id;
  }

  @Override
  public int positionOf(int id) {
    return id >= 0 && id < positions.length ? positions[id] : LiveDestination.ABSENT;
  }

  @Override
  public Endpoint endpoint(int position) {
    return at(position).endpoint;
  }

  @Override
  public int weight(int position) {
    return weights[position];
  }

  @Override
  public int activeConnections(int position) {
    return active[position];
  }

  @Override
  public int idle() {
    return idle;
  }

  @Override
  public int inactiveConnections(int position) {
    return inactive[position];
  }

  @Override
  public boolean overloaded(int position) {
    return overloaded[position];
  }

  @Override
  public long overhead(int position) {
    return overheads[position];
  }

  /** Returns the destination at a position. */
  LiveDestination at(int position) {
    return destinations.get(position);
  }

  /** Returns the destination in the pool that has this endpoint, or null. */
  @Nullable LiveDestination find(Endpoint endpoint) {
    LiveDestination destination = known.get(endpoint);
    return destination != null && destination.present() ? destination : null;
  }

  /** Returns those in the pool in the order in which they were added, then those that left. */
  List<LiveDestination> known() {
    var all = new ArrayList<>(destinations.reversed());
    known.values().stream().filter(destination -> !destination.present()).forEach(all::add);
    return all;
  }

  /** Returns what passed through destinations that are no longer remembered. */
  Traffic forgotten() {
    return forgotten;
  }

  /** Adds a destination at the head, with its old id and counters if it is still remembered. */
  void add(Destination settings, long now) {
    emptyTrash(now);
    LiveDestination destination = known.get(settings.endpoint());
    if (destination == null) {
      int id = ids.nextClearBit(0);
      ids.set(id);
      destination = new LiveDestination(id, settings);
      known.put(destination.endpoint, destination);
    }
    destination.failuresInARow.set(0);
    insert(destination);
    update(destination, settings);
  }

  /** Changes weight and thresholds of a destination in the pool. */
  void update(LiveDestination destination, Destination settings) {
    destination.settings = settings;
    var server = settings.server();
    var changed = new Thresholds(server.upperThreshold(), server.lowerThreshold());
    long connections = (long) destination.active + destination.inactive;
    destination.overloaded =
        dialect.afterChange(destination.overloaded, connections, destination.thresholds, changed);
    destination.thresholds = changed;
    refresh(destination);
  }

  /** Removes a destination from the pool. */
  void remove(LiveDestination destination, long now) {
    int position = destination.position;
    destinations.remove(position);
    size--;
    idle -= destination.active == 0 ? 1 : 0;
    positions[destination.id] = LiveDestination.ABSENT;
    destination.position = LiveDestination.ABSENT;
    destination.idleSince = now;
    refreshFrom(position);
    emptyTrash(now);
  }

  /** Takes all destinations out and puts them in again one by one, the oldest first. */
  void replay(Runnable afterEach) {
    var oldestFirst = List.copyOf(destinations.reversed());
    destinations.clear();
    size = 0;
    idle = 0;
    Arrays.fill(positions, LiveDestination.ABSENT);
    for (var destination : oldestFirst) {
      insert(destination);
      afterEach.run();
    }
  }

  /** Counts a connection that has begun as active or inactive. */
  void begin(LiveDestination destination, boolean isActive) {
    count(destination, isActive, 1);
    destination.overloaded =
        destination.thresholds.afterBegin(
            destination.overloaded, (long) destination.active + destination.inactive);
    refresh(destination);
  }

  /** Counts a connection as active that was inactive, or the other way round. */
  void move(LiveDestination destination, boolean isActive) {
    count(destination, !isActive, -1);
    count(destination, isActive, 1);
    refresh(destination);
  }

  /** Ends the count of a connection. */
  void end(LiveDestination destination, boolean wasActive, long now) {
    count(destination, wasActive, -1);
    destination.idleSince = now;
    destination.overloaded =
        destination.thresholds.afterEnd(
            destination.overloaded, (long) destination.active + destination.inactive);
    refresh(destination);
  }

  /** Ends the count of a connection, which stays inactive for as long as the kernel keeps it. */
  void close(
      LiveDestination destination, boolean wasActive, ClosedConnections.Kept kept, long now) {
    forgetClosed(now);
    destination.closed.add(second, kept);
    end(destination, wasActive, now);
  }

  /**
   * Forgets connections that have ended so long ago that the kernel wouldn't have them any more.
   */
  void forgetClosed(long now) {
    long present = (now - origin) / SECOND;
    if (present <= second) {
      return;
    }
    second = present;
    for (var destination : known.values()) {
      if (destination.closed.expire(present)) {
        refresh(destination);
      }
    }
  }

  /**
   * Makes a destination look quiesced and overloaded, so that no scheduler chooses it, until {@link
   * #unmask}. Nothing else may be called in between.
   */
  void mask(LiveDestination destination) {
    if (destination.present()) {
      weights[destination.position] = 0;
      overloaded[destination.position] = true;
    }
  }

  /** Ends a {@link #mask}. */
  void unmask(LiveDestination destination) {
    refresh(destination);
  }

  private void count(LiveDestination destination, boolean isActive, int change) {
    if (isActive) {
      int before = destination.active;
      destination.active += change;
      if (destination.present() && (before == 0) != (destination.active == 0)) {
        idle += before == 0 ? -1 : 1;
      }
    } else {
      destination.inactive += change;
    }
  }

  private void insert(LiveDestination destination) {
    if (size == weights.length) {
      int room = 2 * size;
      weights = Arrays.copyOf(weights, room);
      active = Arrays.copyOf(active, room);
      inactive = Arrays.copyOf(inactive, room);
      overheads = Arrays.copyOf(overheads, room);
      overloaded = Arrays.copyOf(overloaded, room);
    }
    if (destination.id >= positions.length) {
      int former = positions.length;
      positions = Arrays.copyOf(positions, Math.max(destination.id + 1, 2 * former));
      Arrays.fill(positions, former, positions.length, LiveDestination.ABSENT);
    }
    destinations.addFirst(destination);
    size++;
    idle += destination.active == 0 ? 1 : 0;
    refreshFrom(0);
  }

  private void refreshFrom(int first) {
    for (int position = first; position < size; position++) {
      LiveDestination destination = destinations.get(position);
      destination.position = position;
      positions[destination.id] = position;
      refresh(destination);
    }
  }

  private void refresh(LiveDestination destination) {
    int position = destination.position;
    if (position != LiveDestination.ABSENT) {
      weights[position] = destination.settings.weight();
      active[position] = destination.active;
      inactive[position] = destination.inactiveAndClosed();
      overheads[position] = dialect.of(destination.active, inactive[position]);
      overloaded[position] = destination.overloaded;
    }
  }

  private void emptyTrash(long now) {
    var each = known.values().iterator();
    while (each.hasNext()) {
      LiveDestination destination = each.next();
      if (!destination.present()
          && !destination.hasConnections()
          && now - destination.idleSince >= TRASH_PERIOD_NANOS) {
        ids.clear(destination.id);
        forgotten = forgotten.plus(destination.traffic());
        each.remove();
      }
    }
  }
}
