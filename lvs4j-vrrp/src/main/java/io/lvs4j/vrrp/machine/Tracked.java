package io.lvs4j.vrrp.machine;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What an instance's trackers say together.
 *
 * @param offset what is added to the priority
 * @param faults why the instance can't be master, each in words; empty when it can
 * @param pending whether a tracker without weight has not said anything yet
 */
public record Tracked(int offset, SortedSet<String> faults, boolean pending) {
  /** Everything is well. */
  public static final Tracked GOOD = new Tracked(0, new TreeSet<>(), false);

  /** Copies the faults. */
  public Tracked {
    faults = Collections.unmodifiableSortedSet(new TreeSet<>(faults));
  }

  /** Returns a reason for FAULT. */
  public static Tracked fault(String reason) {
    return GOOD.withFault(reason);
  }

  /** Returns an offset to the priority. */
  public static Tracked offset(int offset) {
    return new Tracked(offset, new TreeSet<>(), false);
  }

  /** Returns the same with one more reason for FAULT. */
  public Tracked withFault(String reason) {
    var more = new TreeSet<>(faults);
    more.add(reason);
    return new Tracked(offset, more, pending);
  }

  /** Returns the same without an effect on the priority. */
  public Tracked withoutOffset() {
    return new Tracked(0, faults, pending);
  }

  /** Returns what both say together. */
  public Tracked and(Tracked other) {
    var all = new TreeSet<>(faults);
    all.addAll(other.faults);
    return new Tracked(offset + other.offset, all, pending || other.pending);
  }

  /** Says whether there is a reason for FAULT. */
  public boolean isFaulty() {
    return !faults.isEmpty();
  }
}
