package io.lvs4j.lab.ipvs;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Tunnel;
import io.lvs4j.ipvs.client.DestinationKey;
import io.lvs4j.ipvs.client.Granularity;
import io.lvs4j.ipvs.client.IpvsChange;
import io.lvs4j.ipvs.client.IpvsDestination;
import io.lvs4j.ipvs.client.IpvsForwarding;
import io.lvs4j.ipvs.client.IpvsScheduler;
import io.lvs4j.ipvs.client.IpvsService;
import io.lvs4j.ipvs.client.SchedulerFlag;
import io.lvs4j.ipvs.client.ServiceKey;
import io.lvs4j.ipvs.client.ServiceKey.AddressKey;
import io.lvs4j.ipvs.client.ServicePersistence;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A table of services that a generator has made up, with every feature that the kernel and ipvsadm
 * both have.
 *
 * @param services by their keys, each with its real servers in the order of their adding
 */
record GeneratedTable(Map<ServiceKey, Entry> services) {
  // All that the guest's kernel has; it is built without twos.
  private static final List<String> SCHEDULERS =
      List.of(
          "rr", "wrr", "lc", "wlc", "fo", "ovf", "lblc", "lblcr", "dh", "sh", "mh", "sed", "nq",
          "none");
  private static final List<Integer> WEIGHTS = List.of(0, 1, 2, 100, 65_535, 65_536, 1 << 30);
  private static final List<Long> THRESHOLDS = List.of(0L, 1L, 1000L, 65_536L, 2_147_483_647L);

  /** A service and its real servers. */
  record Entry(IpvsService service, List<IpvsDestination> destinations) {}

  static GeneratedTable of(RandomGenerator random) {
    var services = new TreeMap<ServiceKey, Entry>();
    for (int count = random.nextInt(1, 6); count > 0; count--) {
      var service = service(random);
      services.put(service.key(), new Entry(service, destinations(random, service)));
    }
    return new GeneratedTable(services);
  }

  /** Returns what makes it of an empty table. */
  List<IpvsChange> changes() {
    var changes = new ArrayList<IpvsChange>();
    services
        .values()
        .forEach(entry -> {
          changes.add(new IpvsChange.AddService(entry.service));
          entry.destinations.forEach(destination ->
              changes.add(new IpvsChange.AddDestination(entry.service.key(), destination)));
        });
    return changes;
  }

  private static IpvsService service(RandomGenerator random) {
    var family = random.nextBoolean() ? AddressFamily.IPV4 : AddressFamily.IPV6;
    boolean persistent = random.nextBoolean();
    ServiceKey key =
        random.nextInt(4) == 0
            ? ServiceKey.firewallMark(random.nextLong(1, 1L << 31), family)
            : new AddressKey(
                pick(random, List.of(ServiceKey.TCP, ServiceKey.UDP, ServiceKey.SCTP)),
                address(random, family),
                persistent && random.nextInt(5) == 0 ? 0 : random.nextInt(1, 65_536));
    var service = IpvsService.of(key, scheduler(random));
    boolean udp = key instanceof AddressKey address && address.protocol() == ServiceKey.UDP;
    if (udp && random.nextInt(3) == 0) {
      service = service.withOnePacket(true);
    }
    if (persistent) {
      service = service.withPersistence(persistence(random, family));
      // ipvsadm lists the engine of persistent services only.
      if (udp && random.nextInt(3) == 0) {
        service = service.withPersistenceEngine("sip");
      }
    }
    return service;
  }

  /** Returns a scheduler with any of its flags. */
  static IpvsScheduler scheduler(RandomGenerator random) {
    String name = pick(random, SCHEDULERS);
    var flags = EnumSet.noneOf(SchedulerFlag.class);
    for (var flag : SchedulerFlag.values()) {
      // ipvsadm has no word for a third flag of these two.
      boolean nameless = flag == SchedulerFlag.THIRD && (name.equals("sh") || name.equals("mh"));
      if (!nameless && random.nextInt(3) == 0) {
        flags.add(flag);
      }
    }
    return new IpvsScheduler(name, flags);
  }

  private static ServicePersistence persistence(RandomGenerator random, AddressFamily family) {
    var granularity =
        random.nextBoolean()
            ? Granularity.single(family)
            : Granularity.prefix(family, random.nextInt(1, family.bits() + 1));
    if (family == AddressFamily.IPV4 && random.nextInt(8) == 0) {
      granularity = new Granularity(family, 0xff00_ff00);
    }
    return new ServicePersistence(Duration.ofSeconds(random.nextInt(1, 86_400)), granularity);
  }

  private static List<IpvsDestination> destinations(RandomGenerator random, IpvsService service) {
    var destinations = new TreeMap<String, IpvsDestination>();
    for (int count = random.nextInt(6); count > 0; count--) {
      var destination = destination(random, service);
      destinations.put(destination.key().toString(), destination);
    }
    return List.copyOf(destinations.values());
  }

  private static IpvsDestination destination(RandomGenerator random, IpvsService service) {
    var forwarding = forwarding(random);
    var family = service.key().family();
    if (forwarding instanceof IpvsForwarding.Tunnelling && random.nextInt(3) == 0) {
      family = family == AddressFamily.IPV4 ? AddressFamily.IPV6 : AddressFamily.IPV4;
    }
    long upper = pick(random, THRESHOLDS);
    long lower = Math.min(upper, pick(random, THRESHOLDS));
    return new IpvsDestination(
            new DestinationKey(address(random, family), port(random, service, forwarding)),
            forwarding,
            pick(random, WEIGHTS),
            0,
            0)
        .withThresholds(upper, lower);
  }

  /** Only address translation changes a port; for the others ipvsadm insists on the service's. */
  private static int port(RandomGenerator random, IpvsService service, IpvsForwarding forwarding) {
    return service.key() instanceof AddressKey key
            && !(forwarding instanceof IpvsForwarding.Masquerade)
        ? key.port()
        : random.nextInt(0, 65_536);
  }

  private static IpvsForwarding forwarding(RandomGenerator random) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> IpvsForwarding.masquerade();
      case 2, 3 -> IpvsForwarding.directRouting();
      case 4, 5 -> IpvsForwarding.tunnel(Tunnel.ipip());
      case 6 ->
          IpvsForwarding.tunnel(
              Tunnel.gue(
                  random.nextInt(1, 65_536), pick(random, List.of(Tunnel.Checksum.values()))));
      default ->
          IpvsForwarding.tunnel(
              Tunnel.gre(pick(random, List.of(Tunnel.Checksum.NONE, Tunnel.Checksum.PRESENT))));
    };
  }

  private static InetAddress address(RandomGenerator random, AddressFamily family) {
    byte[] bytes = new byte[family.bits() / 8];
    random.nextBytes(bytes);
    bytes[0] = (byte) (family == AddressFamily.IPV4 ? 10 : 0xfd);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException wrongLength) {
      throw new AssertionError(wrongLength);
    }
  }

  private static <T> T pick(RandomGenerator random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
