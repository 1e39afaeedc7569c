package io.lvs4j.core.scheduler;

import io.lvs4j.api.Flow;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerPool;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * sh: a hash of the client's address picks one of 256 buckets, of which each server has a share by
 * its weight (kernel: ip_vs_sh.c). Where the weights sum up to more than 256, servers late in the
 * pool have no bucket; a quiesced server keeps one each time it is dealt to.
 */
final class SourceHashing extends BuiltInScheduler {
  private final Set<HashFlag> hashFlags;
  private final boolean fallback;
  private final boolean hashPort;
  private final int[] buckets = new int[HashBuckets.COUNT];

  SourceHashing(Set<HashFlag> flags) {
    super("sh", flags.stream().map(flag -> flag.of("sh")).collect(Collectors.toSet()));
    hashFlags = flags;
    fallback = flags.contains(HashFlag.FALLBACK);
    hashPort = flags.contains(HashFlag.PORT);
    Arrays.fill(buckets, NONE);
  }

  @Override
  public Scheduler forVirtualServer() {
    return new SourceHashing(hashFlags);
  }

  @Override
  public int schedule(ServerPool servers, Flow flow) {
    int key = flow.clientAddressBits() + (hashPort ? flow.clientPort() : 0);
    int bucket = HashBuckets.bucket(key);
    int position = buckets[bucket];
    if (position == NONE || servers.available(position)) {
      return position;
    }
    return fallback ? nextAvailable(servers, bucket) : NONE;
  }

  /** The hash is taken anew with each offset and so adds the bucket once more, as the kernel's. */
  private int nextAvailable(ServerPool servers, int bucket) {
    for (int offset = 0; offset < HashBuckets.COUNT; offset++) {
      int position = buckets[(2 * bucket + offset) & (HashBuckets.COUNT - 1)];
      if (servers.available(position)) {
        return position;
      }
    }
    return NONE;
  }

  @Override
  public void serverAdded(ServerPool servers, int position) {
    deal(servers);
  }

  @Override
  public void serverRemoved(ServerPool servers, int position, int id) {
    deal(servers);
  }

  @Override
  public void serverUpdated(ServerPool servers, int position) {
    deal(servers);
  }

  private void deal(ServerPool servers) {
    int size = servers.size();
    if (size == 0) {
      Arrays.fill(buckets, NONE);
      return;
    }
    int position = 0;
    int dealt = 0;
    for (int bucket = 0; bucket < HashBuckets.COUNT; bucket++) {
      buckets[bucket] = position;
      if (++dealt >= servers.weight(position)) {
        position = position + 1 == size ? 0 : position + 1;
        dealt = 0;
      }
    }
  }
}
