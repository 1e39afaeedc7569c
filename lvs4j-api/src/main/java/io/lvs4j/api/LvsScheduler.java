package io.lvs4j.api;

/**
 * A scheduler of the Linux Virtual Server: one that the kernel's IPVS has too, and that decides as
 * the kernel's of the same {@link #name()} and {@link #flags()} does.
 *
 * <p>A data plane in the kernel hands name and flags on and never calls {@link #schedule}; it
 * refuses every other scheduler, whatever that calls itself. So a scheduler of one's own doesn't
 * implement this, nor does one that wraps a scheduler of LVS to do something else.
 */
public interface LvsScheduler extends Scheduler {
  @Override
  String name();
}
