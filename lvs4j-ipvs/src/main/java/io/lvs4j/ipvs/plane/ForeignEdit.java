package io.lvs4j.ipvs.plane;

import io.lvs4j.api.VirtualServerId;
import java.util.List;
import java.util.Optional;

/**
 * What somebody else has changed in the kernel's table.
 *
 * @param virtualServer which of this director's services it is; empty when it isn't one of them
 * @param service the service in ipvsadm's words: {@code TCP 10.0.0.1:80}
 * @param changes what was found other than it was left, such as {@code 10.0.0.2:80: weight 5, not
 *     1}
 * @param restored whether it was put right
 */
public record ForeignEdit(
    Optional<VirtualServerId> virtualServer,
    String service,
    List<String> changes,
    boolean restored) {
  public ForeignEdit {
    changes = List.copyOf(changes);
  }

  @Override
  public String toString() {
    return service
        + ": changed by somebody else: "
        + String.join("; ", changes)
        + (restored ? "; put right" : "; left alone");
  }
}
