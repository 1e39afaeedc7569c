package io.lvs4j.ipvs.plane;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Traffic;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.plane.DestinationCounters;
import io.lvs4j.api.plane.ServiceCounters;
import io.lvs4j.ipvs.client.DestinationKey;
import io.lvs4j.ipvs.client.IpvsDestinationStatus;
import io.lvs4j.ipvs.client.IpvsServiceStatus;
import io.lvs4j.ipvs.client.ServiceKey;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One of this director's services: what it should be, what it was when last seen, and its counters.
 * Owned by the plane's thread.
 */
final class KeptService {
  final VirtualServerId id;
  DesiredService desired;
  @Nullable ActualService actual;

  /** It gets no new connections and is deleted when its last one has ended. */
  boolean leaving;

  /** What was in the kernel before it was asked for; null when it was not there. */
  @Nullable ActualService found;

  /** It was given back to the kernel as it was found, and is nobody's again. */
  boolean givenBack;

  /** The kernel has taken it once. */
  boolean accepted;

  /** It was made anew, so that what its real servers have counted before is not its own. */
  boolean fresh;

  /** Persistent clients keep coming to those of its real servers that are quiesced. */
  boolean clientsStay;

  /** What the table's text said of it before it was last looked at; empty to look in any case. */
  Optional<String> seenText = Optional.empty();

  /** What the kernel had of it when it was last looked at. */
  @Nullable IpvsServiceStatus seenStatus;

  /** What was last told of it that doesn't go away by itself; empty when all is well. */
  String trouble = "";

  private final Map<DestinationKey, Traffic> earlier = new HashMap<>();
  private ServiceCounters counters = new ServiceCounters(Map.of(), Traffic.NONE);

  KeptService(VirtualServerId id, DesiredService desired) {
    this.id = id;
    this.desired = desired;
  }

  ServiceKey key() {
    return desired.service().key();
  }

  ServiceCounters counters() {
    return counters;
  }

  /** Returns how many connections are open, as far as is known. */
  int open() {
    return counters.destinations().values().stream().mapToInt(DestinationCounters::open).sum();
  }

  /** Says whether somebody may wait for its connections to end. */
  boolean isEnding() {
    return leaving
        || quiesced().anyMatch(each -> each.open() > 0 || (clientsStay && each.persistent() > 0));
  }

  /** Says whether there are persistence templates that lead to quiesced real servers. */
  boolean hasQuiescedClients() {
    return quiesced().anyMatch(each -> each.persistent() > 0);
  }

  /** Says whether clients are kept on one of its real servers; the table's text doesn't show it. */
  boolean hasClients() {
    return counters.destinations().values().stream().anyMatch(each -> each.persistent() > 0);
  }

  private Stream<DestinationCounters> quiesced() {
    return desired.destinations().values().stream()
        .filter(each -> each.weight() == 0)
        .map(each -> counters.of(Translation.endpoint(each.key())));
  }

  /**
   * Takes the counters of now. The kernel brings those of a real server back when it is added again
   * soon; what they were before the service was made is taken off. What passed through real servers
   * that left is what the service has counted and they haven't.
   */
  void count(IpvsServiceStatus service, List<IpvsDestinationStatus> newestFirst) {
    if (fresh) {
      fresh = false;
      earlier.clear();
      newestFirst.forEach(
          each -> earlier.put(each.destination().key(), each.statistics().traffic()));
    }
    var destinations = new LinkedHashMap<Endpoint, DestinationCounters>();
    var sum = Traffic.NONE;
    for (var each : newestFirst.reversed()) {
      var key = each.destination().key();
      var endpoint = Translation.endpoint(key);
      var traffic = minus(each.statistics().traffic(), earlier.getOrDefault(key, Traffic.NONE));
      sum = sum.plus(traffic);
      destinations.put(
          endpoint,
          new DestinationCounters(
              endpoint,
              whole(each.activeConnections()),
              whole(each.inactiveConnections()),
              whole(each.persistentConnections()),
              0,
              traffic));
    }
    counters = new ServiceCounters(destinations, minus(service.statistics().traffic(), sum));
  }

  /** Returns the difference, nowhere below 0: counters are set to 0 by others, one by one. */
  private static Traffic minus(Traffic more, Traffic less) {
    return new Traffic(
        Math.max(0, more.connections() - less.connections()),
        Math.max(0, more.inPackets() - less.inPackets()),
        Math.max(0, more.outPackets() - less.outPackets()),
        Math.max(0, more.inBytes() - less.inBytes()),
        Math.max(0, more.outBytes() - less.outBytes()));
  }

  private static int whole(long count) {
    return (int) Math.min(Integer.MAX_VALUE, count);
  }
}
