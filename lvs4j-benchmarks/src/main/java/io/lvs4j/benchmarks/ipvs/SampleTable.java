package io.lvs4j.benchmarks.ipvs;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.ForwardingMethod;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.core.scheduler.Schedulers;
import io.lvs4j.ipvs.client.IpvsChange;
import io.lvs4j.ipvs.client.IpvsDestination;
import io.lvs4j.ipvs.client.IpvsForwarding;
import io.lvs4j.ipvs.client.IpvsService;
import io.lvs4j.ipvs.client.ServiceKey;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The same table in three forms: ipvsadm's lines, the client's changes, and virtual servers.
 *
 * @param services how many virtual services there are
 * @param servers how many real servers each has
 */
record SampleTable(int services, int servers) {
  private static final int PORT = 80;

  private static String service(int number) {
    return "10.1." + number / 250 + "." + (1 + number % 250);
  }

  private static String server(int service, int number) {
    return "172.16." + (service + number) % 250 + "." + (1 + number);
  }

  /** Returns the lines of {@code ipvsadm --restore}. */
  List<String> lines() {
    var lines = new ArrayList<String>();
    for (int i = 0; i < services; i++) {
      String service = service(i) + ":" + PORT;
      lines.add("-A -t " + service + " -s wlc");
      for (int j = 0; j < servers; j++) {
        lines.add("-a -t " + service + " -r " + server(i, j) + ":" + PORT + " -g -w 1");
      }
    }
    return lines;
  }

  /** Returns the changes that make it of an empty table. */
  List<IpvsChange> changes() {
    var changes = new ArrayList<IpvsChange>();
    for (int i = 0; i < services; i++) {
      var key = ServiceKey.tcp(InetAddress.ofLiteral(service(i)), PORT);
      changes.add(new IpvsChange.AddService(IpvsService.of(key, "wlc")));
      for (int j = 0; j < servers; j++) {
        changes.add(
            new IpvsChange.AddDestination(
                key,
                IpvsDestination.of(
                    InetAddress.ofLiteral(server(i, j)), PORT, IpvsForwarding.directRouting())));
      }
    }
    return changes;
  }

  /**
   * Returns the virtual servers.
   *
   * @param firstWeight the weight of the first real server of the first; all others have 1
   */
  List<VirtualServer> virtualServers(int firstWeight) {
    var all = new ArrayList<VirtualServer>();
    for (int i = 0; i < services; i++) {
      var real = new ArrayList<RealServer>();
      for (int j = 0; j < servers; j++) {
        var endpoint = new Endpoint(InetAddress.ofLiteral(server(i, j)), PORT);
        real.add(RealServer.of(endpoint).weight(i == 0 && j == 0 ? firstWeight : 1));
      }
      all.add(
          VirtualServer.tcp(service(i), PORT)
              .scheduler(Schedulers.weightedLeastConnection())
              .forwarding(ForwardingMethod.DIRECT_ROUTING)
              .realServers(real)
              .build());
    }
    return all;
  }
}
