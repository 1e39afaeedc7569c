package io.lvs4j.keepalived.model;

import io.lvs4j.api.Flow;
import io.lvs4j.api.LvsScheduler;
import io.lvs4j.api.ServerPool;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The name of a scheduler that the kernel has. It can't be asked for a server here: a data plane
 * that decides in Java wants one of {@code io.lvs4j.core.scheduler.Schedulers}.
 *
 * @param name such as {@code wlc}
 * @param flags such as {@code sh-port}
 */
public record KernelScheduler(String name, Set<String> flags) implements LvsScheduler {
  /** The names that keepalived and ipvsadm take. */
  public static final List<String> NAMES =
      List.of(
          "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "mh", "sed", "nq", "fo", "ovf",
          "twos");

  /** Copies the flags. */
  public KernelScheduler {
    Objects.requireNonNull(name, "name");
    flags = Set.copyOf(flags);
  }

  @Override
  public int schedule(ServerPool servers, Flow flow) {
    throw new UnsupportedOperationException(
        "scheduler: "
            + name
            + " of the kernel (expected: a configuration read with schedulers(Schedulers::byName))");
  }
}
