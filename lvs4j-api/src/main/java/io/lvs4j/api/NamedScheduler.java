package io.lvs4j.api;

import java.util.Set;

/**
 * A scheduler under another name.
 *
 * @param name what it is called in snapshots and messages
 * @param scheduler what decides
 */
record NamedScheduler(String name, Scheduler scheduler) implements Scheduler {
  NamedScheduler {
    if (name.isBlank() || name.chars().anyMatch(Character::isWhitespace)) {
      throw new IllegalArgumentException(
          "scheduler name: \"" + name + "\" (expected: a word, such as least-latency)");
    }
  }

  @Override
  public int schedule(ServerPool servers, Flow flow) {
    return scheduler.schedule(servers, flow);
  }

  @Override
  public Set<String> flags() {
    return scheduler.flags();
  }

  @Override
  public Scheduler forVirtualServer() {
    return new NamedScheduler(name, scheduler.forVirtualServer());
  }

  @Override
  public void serverAdded(ServerPool servers, int position) {
    scheduler.serverAdded(servers, position);
  }

  @Override
  public void serverRemoved(ServerPool servers, int position, int id) {
    scheduler.serverRemoved(servers, position, id);
  }

  @Override
  public void serverUpdated(ServerPool servers, int position) {
    scheduler.serverUpdated(servers, position);
  }
}
