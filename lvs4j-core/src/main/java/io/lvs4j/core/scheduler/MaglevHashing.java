package io.lvs4j.core.scheduler;

import io.lvs4j.api.Flow;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerPool;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * mh: a hash of the client's address picks one of 4,093 entries of a table in which each server has
 * a share by its weight, and which changes little when a server comes or goes (kernel: ip_vs_mh.c;
 * Eisenbud and others, Maglev, NSDI 2016). A quiesced server keeps the entries that it had, so that
 * draining it moves no other client.
 *
 * <p>The table is filled anew by the first decision after a change, not by the change: a thousand
 * servers added one by one cost one filling.
 */
final class MaglevHashing extends BuiltInScheduler {
  private final Set<HashFlag> hashFlags;
  private final boolean fallback;
  private final boolean hashPort;
  private final MaglevTable table = new MaglevTable();

  /** The last weight other than 0 of each server, by id. */
  private int[] lastWeights = new int[16];

  private boolean stale = true;

  MaglevHashing(Set<HashFlag> flags) {
    super("mh", flags.stream().map(flag -> flag.of("mh")).collect(Collectors.toSet()));
    hashFlags = flags;
    fallback = flags.contains(HashFlag.FALLBACK);
    hashPort = flags.contains(HashFlag.PORT);
  }

  @Override
  public Scheduler forVirtualServer() {
    return new MaglevHashing(hashFlags);
  }

  @Override
  public int schedule(ServerPool servers, Flow flow) {
    if (stale) {
      table.fill(servers, lastWeights);
      stale = false;
    }
    int key = flow.clientAddressBits() + (hashPort ? flow.clientPort() : 0);
    int entry = MaglevTable.entry(key);
    int position = table.position(entry);
    if (position == NONE || servers.available(position)) {
      return position;
    }
    return fallback ? nextAvailable(servers, key, entry) : NONE;
  }

  private int nextAvailable(ServerPool servers, int key, int entry) {
    for (int offset = 0; offset < MaglevTable.SIZE; offset++) {
      int further = MaglevTable.entry(key + (offset + entry) % MaglevTable.SIZE);
      int position = table.position(further);
      if (servers.available(position)) {
        return position;
      }
    }
    return NONE;
  }

  @Override
  public void serverAdded(ServerPool servers, int position) {
    int id = servers.id(position);
    if (id >= lastWeights.length) {
      lastWeights = Arrays.copyOf(lastWeights, Math.max(id + 1, 2 * lastWeights.length));
    }
    lastWeights[id] = servers.weight(position);
    stale = true;
  }

  @Override
  public void serverRemoved(ServerPool servers, int position, int id) {
    stale = true;
  }

  @Override
  public void serverUpdated(ServerPool servers, int position) {
    int weight = servers.weight(position);
    if (weight != 0) {
      lastWeights[servers.id(position)] = weight;
      stale = true;
    }
  }
}
