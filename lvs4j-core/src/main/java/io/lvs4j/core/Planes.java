package io.lvs4j.core;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.DataPlane;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a director's data plane comes from: the one that it was given, until it is closed, or a new
 * one for each start.
 */
final class Planes {
  private final boolean given;
  private final @Nullable Function<List<VirtualServer>, DataPlane> opener;
  private @Nullable DataPlane open;

  private Planes(
      boolean given,
      @Nullable Function<List<VirtualServer>, DataPlane> opener,
      @Nullable DataPlane open) {
    this.given = given;
    this.opener = opener;
    this.open = open;
  }

  static Planes given(DataPlane plane) {
    return new Planes(true, null, plane);
  }

  static Planes opened(Function<List<VirtualServer>, DataPlane> opener) {
    return new Planes(false, opener, null);
  }

  /**
   * Returns the plane for these virtual servers, the one that is open if there is one.
   *
   * @throws IllegalStateException when the one that was given has been closed
   */
  synchronized DataPlane open(List<VirtualServer> servers) {
    if (open == null) {
      if (opener == null) {
        throw new IllegalStateException(
            "director: CLOSED, and the data plane that it was given too (expected: stop(), or a"
                + " director that opens its own plane)");
      }
      open = opener.apply(servers);
    }
    return open;
  }

  /** Closes the plane at the end of a time of service, or for good. */
  synchronized void release(boolean forGood) {
    var closed = open;
    if (closed != null && (forGood || !given)) {
      open = null;
      closed.close();
    }
  }
}
