package io.lvs4j.api.vrrp;

/**
 * The number that the routers of one virtual router share on a link.
 *
 * @param value 1 to 255
 */
public record VirtualRouterId(int value) {
  /** Checks the range. */
  public VirtualRouterId {
    if (value < 1 || value > 255) {
      throw new IllegalArgumentException("virtual router id: " + value + " (expected: 1-255)");
    }
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
