package io.lvs4j.ipvs.plane;

import io.lvs4j.api.Problem;
import io.lvs4j.api.StartException;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.ipvs.client.IpvsException;
import java.util.List;

/** Says what the kernel refuses in the words of problems. */
final class KernelRefusals {
  private KernelRefusals() {}

  static StartException of(VirtualServerId id, IpvsException refused) {
    return of("virtual server " + id, refused);
  }

  static StartException of(String subject, IpvsException refused) {
    var what =
        refused.subject().isEmpty()
            ? refused.operation()
            : refused.operation() + " " + refused.subject();
    return new StartException(
        List.of(
            new Problem(
                subject,
                refused.errno().map(errno -> what + ": " + errno).orElse(what),
                refused.remedy().isEmpty() ? "a kernel that does it" : refused.remedy())));
  }
}
