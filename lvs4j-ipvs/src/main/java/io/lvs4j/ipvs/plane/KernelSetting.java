package io.lvs4j.ipvs.plane;

/**
 * A sysctl of the kernel that is other than a director's virtual servers need it.
 *
 * @param name such as {@code net.ipv4.ip_forward}
 * @param actual what it is
 * @param wanted what it should be
 * @param required whether virtual servers don't work without it; otherwise it is advice
 * @param reason what it is for
 */
public record KernelSetting(
    String name, String actual, String wanted, boolean required, String reason) {
  /** Returns a line that says what to do: {@code net.ipv4.ip_forward: 0 (expected: 1, for ...)}. */
  @Override
  public String toString() {
    return name + ": " + actual + " (expected: " + wanted + ", " + reason + ")";
  }
}
