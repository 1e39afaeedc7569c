package io.lvs4j.core.balance;

/**
 * A client that is kept on one destination: the kernel's persistence template. Guarded by the lock
 * of its balancer.
 */
final class PersistentClient {
  final ClientNetwork network;
  final LiveDestination destination;
  private final PersistentClients clients;

  /** Its connections that are open. */
  int open;

  /** When it is forgotten if no connection is open: its timeout after the last one began. */
  long keptUntil;

  PersistentClient(ClientNetwork network, LiveDestination destination, PersistentClients clients) {
    this.network = network;
    this.destination = destination;
    this.clients = clients;
  }

  /** Tells that one of its connections has ended. */
  void connectionEnded() {
    open--;
    if (open == 0) {
      clients.lastConnectionEnded(this);
    }
  }
}
