package io.lvs4j.core.scheduler;

import io.lvs4j.api.Flow;
import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerPool;
import java.util.Arrays;

/**
 * dh: a hash of the virtual address picks one of 256 buckets, over which the servers are dealt out
 * one by one whatever their weight (kernel: ip_vs_dh.c). A server that is not available is not
 * replaced: its clients are refused.
 */
final class DestinationHashing extends BuiltInScheduler {
  private final int[] buckets = new int[HashBuckets.COUNT];

  DestinationHashing() {
    super("dh");
    Arrays.fill(buckets, NONE);
  }

  @Override
  public Scheduler forVirtualServer() {
    return new DestinationHashing();
  }

  @Override
  public int schedule(ServerPool servers, Flow flow) {
    int position = buckets[HashBuckets.bucket(flow.virtualAddressBits())];
    return position != NONE && servers.available(position) ? position : NONE;
  }

  @Override
  public void serverAdded(ServerPool servers, int position) {
    deal(servers.size());
  }

  @Override
  public void serverRemoved(ServerPool servers, int position, int id) {
    deal(servers.size());
  }

  private void deal(int size) {
    for (int bucket = 0; bucket < HashBuckets.COUNT; bucket++) {
      buckets[bucket] = size == 0 ? NONE : bucket % size;
    }
  }
}
