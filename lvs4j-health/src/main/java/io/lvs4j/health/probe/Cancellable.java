package io.lvs4j.health.probe;

/** Something that will happen on a {@link ProbeLoop} unless it is cancelled there before. */
@FunctionalInterface
public interface Cancellable {
  /** Makes sure that it does not happen any more; does nothing if it has. */
  void cancel();
}
