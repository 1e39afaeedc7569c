package io.lvs4j.core.engine;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.HealthCheck;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Verdicts that a test hands out. */
final class ScriptedHealth implements HealthSource {
  final List<Watching> watches = new ArrayList<>();

  @Override
  public Watched watch(
      Endpoint target, List<HealthCheck> checks, boolean suspended, Listener listener) {
    var watching = new Watching(target, checks, listener);
    watching.suspended = suspended;
    watches.add(watching);
    return watching;
  }

  /** Gives a verdict to all that watch a server. */
  void verdict(Endpoint target, boolean up, String detail) {
    watches.stream()
        .filter(each -> each.target.equals(target) && !each.closed)
        .forEach(each -> {
          each.since = Optional.of(Instant.now());
          each.listener.onVerdict(up, detail);
        });
  }

  /** Finds a server down to all that watch it, whose verdict that is anyway. */
  void foundDown(Endpoint target, String detail) {
    watches.stream()
        .filter(each -> each.target.equals(target) && !each.closed)
        .forEach(each -> each.listener.onFoundDown(detail));
  }

  /** Sets the weight in effect of a server that is up, or the configured one if empty. */
  void weight(Endpoint target, OptionalInt weight) {
    watches.stream()
        .filter(each -> each.target.equals(target) && !each.closed)
        .forEach(each -> {
          each.weight = weight;
          each.listener.onWeight();
        });
  }

  /** Returns the checks by which a server is watched. */
  List<HealthCheck> checks(Endpoint target) {
    return watches.stream()
        .filter(each -> each.target.equals(target) && !each.closed)
        .flatMap(each -> each.checks.stream())
        .toList();
  }

  long open() {
    return watches.stream().filter(each -> !each.closed).count();
  }

  @Override
  public void close() {}

  static final class Watching implements Watched {
    final Endpoint target;
    final List<HealthCheck> checks;
    final Listener listener;
    Optional<Instant> since = Optional.empty();
    OptionalInt weight = OptionalInt.empty();
    boolean suspended;
    boolean closed;

    Watching(Endpoint target, List<HealthCheck> checks, Listener listener) {
      this.target = target;
      this.checks = checks;
      this.listener = listener;
    }

    @Override
    public String detail() {
      return "";
    }

    @Override
    public Optional<Instant> since() {
      return since;
    }

    @Override
    public int weight(int configured) {
      return weight.orElse(configured);
    }

    @Override
    public void suspend() {
      suspended = true;
    }

    @Override
    public void resume() {
      suspended = false;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
