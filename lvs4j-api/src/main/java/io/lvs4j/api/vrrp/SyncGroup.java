package io.lvs4j.api.vrrp;

import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/**
 * Instances that are master together or not at all, such as the inner and the outer address of a
 * gateway.
 *
 * <p>Immutable.
 */
public final class SyncGroup {
  private final String name;
  private final List<String> instances;
  private final List<Tracker> trackers;
  private final boolean weightedTrackingOn;
  private final List<VrrpListener> listeners;

  private SyncGroup(Builder builder) {
    this.name = builder.name;
    this.instances = List.copyOf(builder.instances);
    this.trackers = List.copyOf(builder.trackers);
    this.weightedTrackingOn = builder.weightedTracking;
    this.listeners = List.copyOf(builder.listeners);
  }

  /** Begins a group. */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /** Returns the name. */
  public String name() {
    return name;
  }

  /** Returns the names of the members. */
  public List<String> instances() {
    return instances;
  }

  /** Returns what is tracked for all members. */
  public List<Tracker> trackers() {
    return trackers;
  }

  /** Says whether trackers change the members' priorities. */
  public boolean isWeightedTrackingOn() {
    return weightedTrackingOn;
  }

  /** Returns those that are told when all members have changed. */
  public List<VrrpListener> listeners() {
    return listeners;
  }

  /**
   * Returns what is odd but allowed: weighted trackers that do nothing, members of different
   * priority.
   *
   * @param members the instances of the group
   */
  public List<Problem> warnings(List<VrrpInstance> members) {
    var warnings = new ArrayList<Problem>();
    var all = new ArrayList<>(trackers);
    members.forEach(member -> all.addAll(member.trackers()));
    if (!weightedTrackingOn) {
      all.stream()
          .filter(Tracker::isWeighted)
          .map(tracker ->
              new Problem(
                  "sync group " + name + ": tracker " + tracker.name(),
                  "weight " + tracker.weight() + " is ignored in a sync group",
                  "no weight, or weightedTracking()"))
          .forEach(warnings::add);
    }
    if (members.stream().map(VrrpInstance::priority).distinct().count() > 1) {
      warnings.add(
          new Problem(
              "sync group " + name + ": priorities",
              members.stream().map(member -> member.priority().toString()).toList().toString(),
              "the same for all members, so that they agree on who is to be master"));
    }
    return warnings;
  }

  @Override
  public String toString() {
    return name + " " + instances;
  }

  /** Collects the settings of a group; not safe for use by several threads at once. */
  public static final class Builder {
    private final String name;
    private final List<String> instances = new ArrayList<>();
    private final List<Tracker> trackers = new ArrayList<>();
    private boolean weightedTracking;
    private final List<VrrpListener> listeners = new ArrayList<>();

    private Builder(String name) {
      this.name = Objects.requireNonNull(name, "name");
    }

    /** Adds an instance by its name. */
    public Builder instance(String instance) {
      instances.add(Objects.requireNonNull(instance, "instance"));
      return this;
    }

    /** Tracks something for all members. */
    public Builder track(Tracker tracker) {
      trackers.add(Objects.requireNonNull(tracker, "tracker"));
      return this;
    }

    /** Lets weighted trackers change the members' priorities; without it they do nothing. */
    public Builder weightedTracking() {
      this.weightedTracking = true;
      return this;
    }

    /** Tells this listener when all members have changed. */
    public Builder listener(VrrpListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /**
     * Returns the group.
     *
     * @throws InvalidConfigurationException with every problem there is
     */
    public SyncGroup build() {
      var problems = new ArrayList<Problem>();
      if (name.isBlank()) {
        problems.add(new Problem("name", "\"" + name + "\"", "a name"));
      }
      if (instances.isEmpty()) {
        problems.add(new Problem("instances", "none", "at least one"));
      }
      var seen = new HashSet<String>();
      instances.stream()
          .filter(instance -> !seen.add(instance))
          .map(instance -> new Problem("instance " + instance, "given twice", "each once"))
          .forEach(problems::add);
      trackers.forEach(tracker -> problems.addAll(tracker.problems()));
      InvalidConfigurationException.throwIfAny(
          problems.stream().map(problem -> problem.within("sync group " + name)).toList());
      return new SyncGroup(this);
    }
  }
}
