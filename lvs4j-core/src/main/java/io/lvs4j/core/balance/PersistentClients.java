package io.lvs4j.core.balance;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.lvs4j.api.Persistence;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The clients that are kept on their destinations. Guarded by the lock of its balancer; the cache's
 * upkeep runs on the caller, so that the counts of clients are guarded too.
 *
 * <p>Of more than {@link #MOST_CLIENTS}, those that come seldom are forgotten.
 */
final class PersistentClients {
  /** The most clients that are remembered; each takes about 200 bytes. */
  static final int MOST_CLIENTS = 1 << 20;

  private final Ticker ticker;
  private final Cache<ClientNetwork, PersistentClient> clients;
  private Persistence settings;

  PersistentClients(Persistence settings, Ticker ticker, int mostClients) {
    this.settings = settings;
    this.ticker = ticker;
    this.clients =
        Caffeine.newBuilder()
            .ticker(ticker)
            .executor(Runnable::run)
            .maximumSize(mostClients)
            .expireAfter(new WhileOpenOrRecent())
            .<ClientNetwork, PersistentClient>removalListener((network, client, cause) -> {
              if (client != null) {
                client.destination.persistent--;
              }
            })
            .build();
  }

  /** Returns the client's entry, or null when it is not known. */
  @Nullable PersistentClient find(InetAddress client) {
    return clients.getIfPresent(ClientNetwork.of(client, settings));
  }

  /**
   * Keeps a client on a destination, for one more connection if that stays open.
   *
   * @param known the entry that the client had, or null
   */
  PersistentClient keep(
      InetAddress address,
      @Nullable PersistentClient known,
      LiveDestination destination,
      boolean opens) {
    var client = known;
    if (client == null || client.destination != destination) {
      client = new PersistentClient(ClientNetwork.of(address, settings), destination, this);
      destination.persistent++;
    }
    client.open += opens ? 1 : 0;
    client.keptUntil = ticker.read() + settings.timeout().toNanos();
    clients.put(client.network, client);
    return client;
  }

  /** Lets a client without connections go when its time is over. */
  void lastConnectionEnded(PersistentClient client) {
    if (clients.getIfPresent(client.network) != client) {
      return;
    }
    if (client.keptUntil - ticker.read() > 0) {
      clients.put(client.network, client);
    } else {
      clients.invalidate(client.network);
    }
  }

  /** Says whether other settings tell clients apart in the same way. */
  boolean tellsApartAs(Persistence other) {
    return settings.prefixV4() == other.prefixV4() && settings.prefixV6() == other.prefixV6();
  }

  /** Replaces the settings; the timeout holds for connections from now on. */
  void settings(Persistence changed) {
    settings = changed;
  }

  /** Forgets those whose time is over, so that the counts are right. */
  void forgetExpired() {
    clients.cleanUp();
  }

  /** Forgets all. */
  void forgetAll() {
    clients.invalidateAll();
  }

  private static final class WhileOpenOrRecent implements Expiry<ClientNetwork, PersistentClient> {
    @Override
    public long expireAfterCreate(ClientNetwork network, PersistentClient client, long now) {
      return client.open > 0 ? Long.MAX_VALUE : client.keptUntil - now;
    }

    @Override
    public long expireAfterUpdate(
        ClientNetwork network, PersistentClient client, long now, long duration) {
      return expireAfterCreate(network, client, now);
    }

    @Override
    public long expireAfterRead(
        ClientNetwork network, PersistentClient client, long now, long duration) {
      return duration;
    }
  }
}
