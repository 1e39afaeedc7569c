package io.lvs4j.benchmarks.proxy;

import io.lvs4j.lab.peer.FreePorts;
import io.lvs4j.lab.peer.Iperf3;
import io.lvs4j.lab.peer.Nginx;
import io.lvs4j.lab.peer.ProxiedPort;
import io.lvs4j.lab.peer.Workspace;
import java.util.List;

/**
 * The real servers that all contenders share: two of nginx, and one for bulk transfers.
 *
 * @param web the ports of the first two
 * @param bulk the port of the last
 * @param files how many files each process may have open
 */
record Backends(List<Integer> web, int bulk, int files) {
  /** The length of the body of each answer. */
  static final int BODY_BYTES = 1024;

  static Backends start(Workspace workspace, Nginx nginx, Iperf3 iperf, int files) {
    var web = List.of(FreePorts.next(), FreePorts.next());
    for (int port : web) {
      nginx.realServer(workspace, "backend-" + port, port, files - 100, BODY_BYTES);
    }
    int bulk = FreePorts.next();
    iperf.server(workspace, bulk);
    return new Backends(web, bulk, files);
  }

  /** Returns what a proxy has to carry: HTTP to both, bulk transfers to the last. */
  List<ProxiedPort> proxied() {
    return List.of(
        new ProxiedPort("web", FreePorts.next(), web),
        new ProxiedPort("bulk", FreePorts.next(), List.of(bulk)));
  }
}
