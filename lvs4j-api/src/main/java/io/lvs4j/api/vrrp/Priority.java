package io.lvs4j.api.vrrp;

/**
 * A router's claim to be master, the higher the stronger.
 *
 * @param value 0 to 255 as on the wire; a router is configured with 1 to 255
 */
public record Priority(int value) implements Comparable<Priority> {
  /** What a master sends when it stops: the others need not wait for its adverts to fail. */
  public static final Priority STOPPING = new Priority(0);

  /** What a router has unless told otherwise. */
  public static final Priority DEFAULT = new Priority(100);

  /** The priority of the router that owns the virtual addresses as its real ones. */
  public static final Priority OWNER = new Priority(255);

  /** Checks the range. */
  public Priority {
    if (value < 0 || value > 255) {
      throw new IllegalArgumentException("priority: " + value + " (expected: 0-255)");
    }
  }

  /** Says whether this is the priority of the address owner. */
  public boolean isOwner() {
    return value == 255;
  }

  /** Says whether this is a master's last word. */
  public boolean isStopping() {
    return value == 0;
  }

  /**
   * Returns the effective priority under tracking: the offset added and the sum kept within 1 to
   * 254. An owner's priority is not changed by trackers.
   *
   * @param offset what all trackers together add
   */
  public Priority adjusted(int offset) {
    return isOwner() ? this : new Priority(Math.clamp((long) value + offset, 1, 254));
  }

  @Override
  public int compareTo(Priority other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
